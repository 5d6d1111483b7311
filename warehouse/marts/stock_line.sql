-- description: One row per stock line: a batch of an item in a store, in packs; the keys of both.
-- load: replace
-- scope: touched_stock_line(stock_line_id)
-- key: stock_line_id
-- given: touched_stock_line
select
    line."ID" as stock_line_id, "store_ID" as store_id, "item_ID" as item_id, batch, expiry_date,
    nullif("location_ID", '') as location_id, coalesce(nullif(pack_size, 0), 1) as pack_size,
    coalesce(quantity, 0) as packs, coalesce(available, quantity, 0) as available_packs,
    coalesce(cost_price, 0) as cost_price, store.key as store_key, item.key as item_key,
    getvariable('cycle')::bigint as cycle
from warehouse.records.item_line as line
left join marts.key as store on store.id = "store_ID"
left join marts.key as item on item.id = "item_ID"
where line."ID" in (select stock_line_id from touched_stock_line)
