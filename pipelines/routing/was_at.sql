-- description: One row per touched store and site where it was known before this cycle.
-- load: working
-- given: touched_store
select store_at.*
from routing.store_at as store_at
semi join touched_store using (store_id)
