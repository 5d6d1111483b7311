-- description: One row per goods received line that this cycle makes (rule T5); its order line is the one the invoice's line names, else the only one of its order for the item.
-- load: working
-- key: table_name, record_id
-- given: line_due
with told as (
    select
        due.*, line."item_ID" as item_id,
        from_json(change.data, '{
            "item_name": "JSON", "batch": "JSON", "expiry_date": "JSON", "pack_size": "JSON",
            "quantity": "JSON", "sell_price": "JSON", "order_lines_ID": "VARCHAR"
        }') as was
    from line_due as due
    join records.trans_line as line on line."ID" = due.initiating_line
    join landing.change as change on change.cursor = due.version
    where due.kind = 'goods_received' and due.outcome = 'created'
),
order_line as (
    select "ID" as line_id, "purchase_order_ID" as order_id, "item_ID" as item_id
    from records.purchase_order_line
    where "purchase_order_ID" in (select order_id from told)
),
alone as (
    select order_id, item_id, any_value(line_id) as line_id
    from order_line
    where item_id <> ''
    group by order_id, item_id
    having count(*) = 1
)
select
    'Goods_received_line' as table_name, told.responding_line as record_id, 'update' as action,
    json_object(
        'ID', told.responding_line, 'goods_received_ID', told.responding_id,
        'order_line_ID', coalesce(named.line_id, alone.line_id, ''),
        'item_ID', coalesce(told.item_id, ''), 'item_name', as_text(told.was.item_name),
        'pack_received', as_number(told.was.pack_size, 1),
        'quantity_received', as_number(told.was.quantity, 0),
        'cost_price', as_number(told.was.sell_price, 0),
        'batch_received', as_text(told.was.batch),
        'expiry_date', as_text(told.was.expiry_date), 'comment', '', 'location_ID', '',
        'volume_per_pack', 0
    )::varchar as data
from told
left join order_line as named
    on named.line_id = told.was.order_lines_ID and named.order_id = told.order_id
left join alone on alone.order_id = told.order_id and alone.item_id = told.item_id
