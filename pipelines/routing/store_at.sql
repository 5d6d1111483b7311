-- description: One row per store and open remote site where it is known, with the first level that holds: active, collector, visible, transfer (rule R3).
-- load: replace
-- scope: touched_store(store_id)
-- key: store_id, site
-- given: touched_store
with store as (
    select
        "ID" as store_id, sync_id_remote_site::integer as site,
        lower(store_mode) = 'dispensary' and not coalesce(disabled, false) as dispensary
    from records.store
),
told as (
    select store_id, site, 1 as rank from store
    union all
    select "store_ID", "site_ID"::integer, case sync_type when 'collector' then 2 else 4 end
    from records.store_site
    where sync_type in ('collector', 'transfer')
    union all
    -- A visible in B makes B visible in A: the symmetry is derived, no record is written.
    select tie.store_id, viewer.site, 3
    from routing.tie as tie
    join store as viewer on viewer.store_id = tie.viewer_id
    union all
    select tie.viewer_id, shown.site, 3
    from routing.tie as tie
    join store as shown on shown.store_id = tie.store_id
    union all
    select store_id, getvariable('primary'), 3 from store
)
select
    told.store_id, told.site,
    ['active', 'collector', 'visible', 'transfer'][min(told.rank)] as level,
    any_value(coalesce(store.dispensary, false)) as dispensary
from told
join store on store.store_id = told.store_id
semi join touched_store on touched_store.store_id = told.store_id
semi join open_site on open_site.site = told.site
group by told.store_id, told.site
