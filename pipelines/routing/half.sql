-- description: One row per half of a transfer between two sites that concerns this cycle: it or a line of it changed, or the other store is newly active at a site. Its own and the other store, the sites where they are active, and whether the responding site makes its halves itself (rules T).
-- load: working
-- given: concerned, fresh_store
with half as not materialized (
    select
        kind, initiating_table as half_table, initiating_id as half_id, from_store as own_store,
        to_store as other_store, to_store as responding_store, responding_id, true as initiates
    from transfers.transfer
    union all
    select
        kind, responding_table, responding_id, to_store, from_store, to_store, responding_id, false
    from transfers.transfer
    where responding_id is not null
),
picked as (
    select half.* from half
    semi join concerned
        on concerned.half_table = half.half_table and concerned.half_id = half.half_id
    union
    select half.* from half
    semi join (from fresh_store where level = 'active') as opened
        on opened.store_id = half.other_store
)
select
    picked.* exclude (responding_store, responding_id),
    own.sync_id_remote_site::integer as own_site,
    other.sync_id_remote_site::integer as other_site,
    coalesce(
        nullif(site.transfers, '') = 'site', site.kind = 'open_msupply', false
    ) as site_makes
from picked
join records.store as own on own."ID" = picked.own_store
join records.store as other on other."ID" = picked.other_store
join records.store as responding on responding."ID" = picked.responding_store
left join records.site as site on site.site_ID = responding.sync_id_remote_site
where own.sync_id_remote_site <> other.sync_id_remote_site
    and (picked.responding_id is not null or site_makes)
