-- description: One row per order line whose received quantity follows from goods received that this cycle changed, under centralised procurement and with the hub as primary (rule T6): its text with the sum of all its goods-received lines.
-- load: working
-- key: table_name, record_id
-- given: records.purchase_order
with changed as (
    select table_name, record_id, parent_id, version, deleted
    from collector.record
    where cycle = getvariable('cycle') and getvariable('central') = getvariable('primary')
        and table_name in ('Goods_received_line', 'purchase_order_line')
),
-- The lines as they stand; of a deleted one, what it said last.
receipt_line as (
    select changed.parent_id as receipt_id, line."order_line_ID" as order_line_id
    from changed
    join records."Goods_received_line" as line on line."ID" = changed.record_id
    where changed.table_name = 'Goods_received_line'
    union
    select changed.parent_id, json_extract_string(change.data, '$.order_line_ID')
    from changed
    join landing.change as change on change.cursor = changed.version
    where changed.deleted
),
-- An order line that comes after its goods has its sum at once.
overtaken as (
    select line."purchase_order_ID" as order_id
    from changed
    join records.purchase_order_line as line on line."ID" = changed.record_id
    semi join records."Goods_received_line" as receipt on receipt."order_line_ID" = line."ID"
    where changed.table_name = 'purchase_order_line'
),
concerned as (
    select line."purchase_order_ID" as order_id
    from receipt_line
    join records.purchase_order_line as line on line."ID" = receipt_line.order_line_id
    union
    select receipt."purchase_order_ID"
    from receipt_line
    join records."Goods_received" as receipt on receipt."ID" = receipt_line.receipt_id
    union
    from overtaken
),
ordered as (
    select line."ID" as line_id
    from records.purchase_order_line as line
    join records.purchase_order as placed on placed."ID" = line."purchase_order_ID"
    join ordering on ordering.store_id = placed."store_ID"
    where line."purchase_order_ID" in (from concerned) and ordering.centralised_procurement
),
summed as (
    select ordered.line_id, coalesce(sum(receipt.quantity_received), 0) as quantity
    from ordered
    left join records."Goods_received_line" as receipt
        on receipt."order_line_ID" = ordered.line_id
    group by all
)
select
    record.table_name, record.record_id, 'update' as action,
    json_merge_patch(
        change.data, json_object('quan_rec_to_date', whole(summed.quantity))
    )::varchar as data
from summed
join collector.record as record
    on record.table_name = 'purchase_order_line' and record.record_id = summed.line_id
join landing.change as change on change.cursor = record.version
where not record.deleted and summed.quantity is distinct from coalesce(
    try_cast(json_extract_string(change.data, '$.quan_rec_to_date') as double), 0
)
