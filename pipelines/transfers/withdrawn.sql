-- description: One row per record of an untouched responding half whose initiating half was deleted: it is deleted too.
-- load: working
-- key: table_name, record_id
-- given: gone
with ended as (
    select gone.responding_table, gone.responding_id
    from gone as gone
    anti join touched as touched on touched.responding_id = gone.responding_id
    where gone.is_answered
)
select responding_table as table_name, responding_id as record_id, 'delete' as action,
    null::varchar as data
from ended
union all
select record.table_name, record.record_id, 'delete', null
from collector.record as record
where record.parent_id in (select responding_id from ended) and not record.deleted
    and record.table_name in ('trans_line', 'requisition_line', 'Goods_received_line')
