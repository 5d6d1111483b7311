-- description: One row per store: which preferences of procurement are in force at the site where it is active (rule O12).
-- load: view
select store."ID" as store_id, in_force.* exclude (site)
from records.store as store
join in_force on in_force.site = store.sync_id_remote_site
