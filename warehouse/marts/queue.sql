-- description: One row per site and table: how many records the site is owed and has not acknowledged (rule R12).
-- key: site, table_name
select site, table_name, count(*) as queued
from warehouse.outbox.owed as owed
left join warehouse.outbox.acknowledged as done using (site)
where owed.sequence > coalesce(done.sequence, 0)
group by site, table_name
order by site, table_name
