-- description: One row per store and item whose stock or use is worked out again, with their keys.
-- load: working
-- given: touched_pair
select pair.store_id, pair.item_id, store.key as store_key, item.key as item_key
from touched_pair as pair
join marts.key as store on store.id = pair.store_id
join marts.key as item on item.id = pair.item_id
