-- description: One row per line of an initiating half that this cycle answers, or that came too late: the line that answers it.
-- load: working
-- key: kind, initiating_id, initiating_line
-- assert: outcome in ('created', 'late_line')
-- given: decided, late
with line as (
    select
        half.kind, half.record_id as initiating_id, half.responding_id, half.to_store,
        half.order_id, record.table_name as line_table, record.record_id as line_id,
        record.version, false as is_late
    from collector.record as record
    join decided as half
        on half.record_id = record.parent_id
        and half.table_name || '_line' = replace(record.table_name, 'trans_', 'transact_')
    where half.is_new and not record.deleted
        and record.table_name in ('trans_line', 'requisition_line', 'purchase_order_line')
    union all
    select
        late.kind, late.initiating_id, late.responding_id, late.to_store,
        receipt."purchase_order_ID", late.line_table, late.line_id, late.version, true
    from late
    left join records."Goods_received" as receipt
        on late.kind = 'goods_received' and receipt."ID" = late.responding_id
),
typed as (
    select line.*, lower(moved."type") as "type"
    from line
    left join records.trans_line as moved
        on line.line_table = 'trans_line' and moved."ID" = line.line_id
)
select
    typed.kind, typed.initiating_id, typed.line_id as initiating_line, typed.responding_id,
    typed.to_store, typed.order_id, typed."type", typed.version, typed.is_late,
    case when touched.responding_id is null then 'created' else 'late_line' end as outcome,
    case when touched.responding_id is null
        then made_id(typed.kind || '/' || typed.initiating_id || '/' || typed.line_id)
    end as responding_line
from typed
left join touched as touched on typed.is_late and touched.responding_id = typed.responding_id
where typed.line_table <> 'trans_line'
    or typed."type" in ('stock_out', 'stock_in')
    or (typed."type" = 'service' and typed.kind <> 'goods_received')
