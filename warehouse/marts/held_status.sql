-- description: One row per store, by its key, and status of an item's stock: how many of the items that are known have it, and their value in the home currency; without a status a value only.
-- load: replace
-- scope: touched_held_store(store_key)
-- key: store_key, status
-- given: touched_held_store
select store_key, status, count(*) as items, sum(value) as value
from held_known
group by store_key, status
