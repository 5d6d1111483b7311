-- description: One row per change of store data and other site with a collector copy of its store (rule R4).
select changed.table_name, changed.record_id, changed.action, changed.cursor, changed.depth,
    changed.site as origin, copy."site_ID"::integer as site
from routing.changed as changed
join records.store_site as copy on copy."store_ID" = changed.store_id
where changed.route = 'store' and changed.action <> 'delete' and copy.sync_type = 'collector'
