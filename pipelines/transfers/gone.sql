-- description: One row per initiating half that this cycle deleted; `is_answered` where the hub has made a responding half.
-- load: working
-- key: initiating_table, initiating_id
-- given: transfers.transfer
select
    transfer.initiating_table, transfer.initiating_id, transfer.responding_table,
    transfer.responding_id,
    transfer.made_by is not distinct from 'hub' and transfer.outcome = 'created' as is_answered
from transfers.transfer as transfer
join (
    from collector.record
    where cycle = getvariable('cycle') and deleted
        and table_name in ('transact', 'requisition', 'purchase_order')
) as record
    on record.table_name = transfer.initiating_table and record.record_id = transfer.initiating_id
