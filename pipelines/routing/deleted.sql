-- description: One row per deleted record and site that it went to (rule R10); who made it and has it still, the rules of its kind say.
-- load: working
-- given: changed
select changed.cursor, changed.origin, owed.site, 'R10' as rule
from changed
join outbox.owed as owed
    on owed.table_name = changed.table_name and owed.record_id = changed.record_id
where changed.action = 'delete' and changed.route <> 'central' and not owed.merge
