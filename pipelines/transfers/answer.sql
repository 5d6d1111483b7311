-- description: One row per record that is, or may be, a responding half, of this cycle or of an initiating half of it: the initiating half that it names, whether it was received.
-- load: working
-- key: responding_table, responding_id
with changed as (
    select table_name, record_id, store_id
    from collector.record
    where cycle = getvariable('cycle') and not deleted
        and table_name in ('transact', 'requisition', 'Goods_received')
    union
    -- What its site made before the initiating half came.
    select 'transact', half."ID", half."store_ID"
    from records.transact as half
    semi join (from initiating where table_name = 'transact' and standing is null) as awaited
        on awaited.record_id = half.linked_transaction_id
    union
    select 'requisition', half."ID", half."store_ID"
    from records.requisition as half
    semi join (from initiating where table_name = 'requisition' and standing is null) as awaited
        on awaited.record_id = half.linked_requisition_id
),
told as (
    select
        changed.table_name as responding_table, changed.record_id as responding_id,
        changed.store_id,
        case when lower(half."type") in ('si', 'cc')
            then nullif(half."linked_transaction_id", '') end as initiating_id,
        lower(half."status") = 'fn'
            or (lower(half."status") = 'cn' and lower(half."type") in ('si', 'cc')) as is_received
    from changed
    join records.transact as half
        on changed.table_name = 'transact' and half."ID" = changed.record_id
    where lower(half."type") in ('si', 'cc', 'ci')
    union all
    select
        changed.table_name, changed.record_id, changed.store_id,
        nullif(half."linked_requisition_id", ''), lower(half."status") = 'fn'
    from changed
    join records.requisition as half
        on changed.table_name = 'requisition' and half."ID" = changed.record_id
    where lower(half."type") = 'response'
    union all
    select
        changed.table_name, changed.record_id, changed.store_id, null, lower(half."status") = 'fn'
    from changed
    join records."Goods_received" as half
        on changed.table_name = 'Goods_received' and half."ID" = changed.record_id
)
select responding_table, responding_id, store_id, initiating_id, is_received
from told
where initiating_id is not null
    or responding_id in (select responding_id from transfers.transfer)
