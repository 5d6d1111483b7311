-- description: One row per line of a supplier invoice or customer credit that this cycle makes (rules T1, T2).
-- load: working
-- key: table_name, record_id
-- given: line_due
with told as (
    select
        due.*, line."item_ID" as item_id,
        from_json(change.data, '{
            "item_name": "JSON", "batch": "JSON", "expiry_date": "JSON", "pack_size": "JSON",
            "quantity": "JSON", "cost_price": "JSON", "sell_price": "JSON", "donor_id": "JSON",
            "note": "JSON"
        }') as was
    from line_due as due
    join records.trans_line as line on line."ID" = due.initiating_line
    join landing.change as change on change.cursor = due.version
    where due.kind in ('stock', 'returns') and due.outcome = 'created'
),
priced as (
    select
        *, as_number(was.quantity, 0) as packs,
        as_number(case kind when 'stock' then was.sell_price else was.cost_price end, 0) as cost
    from told
)
select
    'trans_line' as table_name, responding_line as record_id, 'update' as action, kind,
    responding_id, packs::double * cost::double as amount,
    json_object(
        'ID', responding_line, 'transaction_ID', responding_id, 'item_ID', coalesce(item_id, ''),
        'item_name', as_text(was.item_name), 'item_line_ID', '', 'location_ID', '',
        'batch', as_text(was.batch), 'expiry_date', as_text(was.expiry_date),
        'pack_size', as_number(was.pack_size, 1), 'cost_price', cost, 'sell_price', cost,
        'type', case "type" when 'service' then 'service' else 'stock_in' end,
        'quantity', packs, 'note', as_text(was.note), 'optionID', '',
        'linked_transact_id', initiating_id, 'donor_id', as_text(was.donor_id),
        'vaccine_vial_monitor_status_ID', '', 'volume_per_pack', 0
    )::varchar as data
from priced
