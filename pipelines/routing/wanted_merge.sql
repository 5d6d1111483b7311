-- description: One row per merge of what one site newly asks for; those of central data are in the central log (rule R9).
-- load: working
-- given: wanted
select
    merged.table_name, merged.record_id, merged.cursor, wanted.store_id,
    wanted.asking, wanted.again, wanted.route, wanted.depth, null as parent_table,
    null::varchar as parent_id, 'merge' as action
from wanted
join collector.merged as merged using (table_name, record_id)
where merged.cursor not in (select cursor from changed) or wanted.asking in (from initialised)
