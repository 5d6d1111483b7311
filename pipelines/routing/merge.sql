-- description: One row per merge and site that the kept or the merged record went to (rule R9); where they go now, the rules of their kinds say.
-- load: working
-- given: changed
select changed.cursor, changed.origin, owed.site, 'R9' as rule
from changed
join outbox.owed as owed
    on owed.table_name = changed.table_name and owed.record_id = changed.record_id
where changed.action = 'merge'
union all
select changed.cursor, changed.origin, owed.site, 'R9'
from changed
join outbox.owed as owed
    on owed.table_name = changed.table_name and owed.record_id = changed.kept_id
where changed.action = 'merge'
