-- description: One row per deleted record and site that it went to (rule R10).
select changed.table_name, changed.record_id, changed.action, changed.cursor, changed.depth,
    changed.site as origin, owed.site
from routing.changed as changed
join outbox.owed as owed
    on owed.table_name = changed.table_name and owed.record_id = changed.record_id
where changed.action = 'delete' and changed.route <> 'central'
