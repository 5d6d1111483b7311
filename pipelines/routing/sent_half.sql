-- description: One row per half of a transfer that the other store's site was sent before.
-- load: working
-- given: half
select distinct owed.site, owed.table_name as half_table, owed.record_id as half_id
from outbox.owed as owed
join half
    on half.other_site = owed.site and half.half_table = owed.table_name
    and half.half_id = owed.record_id
where not owed.merge
