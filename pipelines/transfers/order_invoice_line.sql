-- description: One row per placeholder line of a customer invoice that this cycle makes for a purchase order (rule T4): the packs ordered.
-- load: working
-- key: table_name, record_id
-- given: line_due
with told as (
    select
        due.*, line."item_ID" as item_id,
        coalesce(nullif(line.packsize_ordered, 0), 1) as pack_size,
        coalesce(nullif(line.quan_adjusted_order, 0), line.quan_original_order, 0) as units,
        from_json(change.data, '{
            "item_name": "JSON", "price_expected_after_discount": "DOUBLE",
            "price_per_pack_before_discount": "DOUBLE"
        }') as was
    from line_due as due
    join records.purchase_order_line as line on line."ID" = due.initiating_line
    join landing.change as change on change.cursor = due.version
    where due.kind = 'purchase_order' and due.outcome = 'created'
),
priced as (
    select
        *, units / pack_size as packs,
        coalesce(
            nullif(was.price_expected_after_discount, 0), was.price_per_pack_before_discount, 0
        ) as price
    from told
)
select
    'trans_line' as table_name, responding_line as record_id, 'update' as action, kind,
    responding_id, packs * price as amount,
    json_object(
        'ID', responding_line, 'transaction_ID', responding_id, 'item_ID', coalesce(item_id, ''),
        'item_name', as_text(was.item_name), 'item_line_ID', '', 'location_ID', '', 'batch', '',
        'expiry_date', '0000-00-00', 'pack_size', whole(pack_size),
        'cost_price', whole(price), 'sell_price', whole(price), 'type', 'placeholder', 'quantity', whole(packs), 'note', '',
        'optionID', '', 'linked_transact_id', '', 'order_lines_ID', initiating_line,
        'donor_id', '', 'vaccine_vial_monitor_status_ID', '', 'volume_per_pack', 0
    )::varchar as data
from priced
