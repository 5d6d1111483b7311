-- description: One row per site and day on which its queue changed: how many records it was owed and had not acknowledged after the day's last cycle (rule R12).
-- load: replace
-- scope: counted(site, day)
-- key: site, day
-- given: counted
select
    counted.site, counted.day, getvariable('cycle')::bigint as cycle,
    count(owed.sequence) as length
from counted
left join outbox.acknowledged as done on done.site = counted.site
left join outbox.owed as owed
    on owed.site = counted.site and owed.sequence > coalesce(done.sequence, 0)
group by counted.site, counted.day
