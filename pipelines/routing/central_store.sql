-- description: One row per change of central store data and site where its store is visible (rule R3).
select changed.table_name, changed.record_id, changed.action, changed.cursor, changed.depth,
    changed.site as origin, visible.site
from routing.changed as changed
join routing.visible as visible using (store_id)
where changed.route = 'central_store' and changed.action <> 'delete'
