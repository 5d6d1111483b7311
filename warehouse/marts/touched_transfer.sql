-- description: One row per transfer that changed, or whose halves' lines did, since the marts were last made.
-- load: working
with line as (
    select distinct parent_id
    from warehouse.collector.record
    where cycle > getvariable('since') and parent_id is not null and table_name in (
        'trans_line', 'requisition_line', 'purchase_order_line', 'Goods_received_line'
    )
)
select distinct initiating_table, initiating_id
from warehouse.transfers.transfer
where cycle > getvariable('since')
    or initiating_id in (select parent_id from line)
    or responding_id in (select parent_id from line)
