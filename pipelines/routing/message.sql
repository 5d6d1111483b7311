-- description: One row per message and site that processes it (rule R8): where the receiving store is active; every remote site where neither store is set; the hub, so no site, where only the sender is.
-- load: working
-- given: due
with told as (
    select
        due.cursor, due.origin, due.asking, nullif(message."toStoreID", '') as to_store,
        nullif(message."fromStoreID", '') as from_store
    from due
    join records.message as message on message."ID" = due.record_id
    where due.route = 'message'
)
select told.cursor, told.origin, store.sync_id_remote_site::integer as site, 'R8' as rule
from told
join records.store as store on store."ID" = told.to_store
where told.asking in (0, store.sync_id_remote_site)
union all
select told.cursor, told.origin, open_site.site, 'R8'
from told
join open_site on told.asking in (0, open_site.site)
where told.to_store is null and told.from_store is null
