-- description: One row per stock line of a store and item whose stock is worked out again, in packs.
-- load: view
from marts.stock_line semi join touched_held using (store_key, item_key)
