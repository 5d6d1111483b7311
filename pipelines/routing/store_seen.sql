-- description: One row per store asked about and site where it is known, with its level; of every site (`asking` 0) or of the one that asks.
-- load: working
-- given: due, fresh_store
select store_at.store_id, 0 as asking, store_at.site, store_at.level
from routing.store_at as store_at
semi join (from due where asking = 0) as due using (store_id)
union all
select store_id, site, site, level from fresh_store
