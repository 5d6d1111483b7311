-- description: One row per line of an initiating half that came after the hub had made the responding one.
-- load: working
-- key: kind, line_id
-- given: transfers.transfer
with changed as (
    select table_name, record_id, parent_id, version
    from collector.record
    where cycle = getvariable('cycle') and not deleted
        and table_name in ('trans_line', 'requisition_line', 'purchase_order_line')
)
select
    half.kind, half.initiating_id, half.responding_id, half.to_store,
    changed.table_name as line_table, changed.record_id as line_id, changed.version
from changed
join transfers.transfer as half
    on half.initiating_id = changed.parent_id
    and half.initiating_table || '_line' = replace(changed.table_name, 'trans_', 'transact_')
anti join transfers.line as known
    on known.kind = half.kind and known.initiating_id = half.initiating_id
    and known.initiating_line = changed.record_id
where half.made_by = 'hub' and half.outcome = 'created'
