-- description: One row per store of this cycle's changed central store data and site where that store is visible (rule R3).
with concerned as (
    select distinct store_id
    from routing.changed
    where route = 'central_store' and store_id is not null
),
active as (
    select "ID" as store_id, "name_ID" as name_id, sync_id_remote_site::integer as site
    from records.store
),
-- A visible in B makes B visible in A: the symmetry is derived, no record is written.
seen as (
    select shown.store_id as store_id, viewer.store_id as viewer_id
    from records.name_store_join as joined
    join active as shown on shown.name_id = joined."name_ID"
    join active as viewer on viewer.store_id = joined."store_ID"
    where not coalesce(joined.inactive, false)
        and (
            shown.store_id in (from concerned) or viewer.store_id in (from concerned)
        )
),
visible as (
    select store_id, site from active
    union
    select "store_ID", "site_ID"::integer from records.store_site where sync_type = 'collector'
    union
    select seen.store_id, active.site from seen join active on active.store_id = seen.viewer_id
    union
    select seen.viewer_id, active.site from seen join active on active.store_id = seen.store_id
    union
    select store_id, getvariable('primary')::integer from active
)
select distinct visible.store_id, visible.site
from visible
semi join concerned using (store_id)
where visible.site is not null
