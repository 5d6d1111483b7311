-- description: One row per name that stands for a store, merged-away ones included: the name it is now, the store, where that is active, whether the site there makes its own halves.
-- load: working
-- key: name_id
with place as (
    select
        site_ID::integer as site,
        arg_min(
            coalesce(nullif(transfers, '') = 'site', kind = 'open_msupply', false),
            "ID"
        ) as makes_own
    from records.site
    where site_ID is not null
    group by all
),
named as (
    select name_id, name_id as party_id, store_id from party
    union all
    select merged.record_id, party.name_id, party.store_id
    from collector.merged as merged
    join party as party on party.name_id = merged.merged_into
    where merged.table_name = 'name'
)
select
    named.name_id, named.party_id, named.store_id,
    case
        when place.site is not null
            or store.sync_id_remote_site in (getvariable('central'), getvariable('primary'))
            then store.sync_id_remote_site::integer
    end as site,
    coalesce(place.makes_own, false) as makes_own,
    coalesce(store.disabled, false) as is_disabled
from named
join records.store as store on store."ID" = named.store_id
left join place on place.site = store.sync_id_remote_site
