-- description: One row per stock line of a store and item whose stock is worked out again, in packs.
-- load: view
select
    touched_held.store_key, touched_held.item_key, line.pack_size, line.packs,
    line.available_packs, line.cost_price
from marts.stock_line as line
join touched_held using (store_id, item_id)
