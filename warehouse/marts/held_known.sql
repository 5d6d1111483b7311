-- description: One row per store and known item of the stores that are counted again: what is held of it.
-- load: view
from marts.held
semi join touched_held_store using (store_key)
semi join marts.item using (item_key)
