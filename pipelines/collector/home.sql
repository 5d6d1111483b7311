-- description: One row per patient or prescriber that this pass brings without a home store, and site: the first home there, a dispensary it is joined to, else the site's first (rule O4).
-- load: working
-- key: table_name, record_id, site
with dispensary as (
    select "ID" as store_id, sync_id_remote_site::integer as site, coalesce(code, '') as code
    from records.store
    where lower(store_mode) = 'dispensary' and not coalesce(disabled, false)
        and sync_id_remote_site is not null
),
newcomer as (
    select distinct table_name, record_id, site
    from candidate
    where pass = getvariable('pass') and table_name in ('name', 'clinician')
        and owner_id is null and refusal is null
),
told as (
    select 'name' as table_name, party_id as record_id, owner_id as store_id
    from candidate
    where table_name = 'name_store_join' and refusal is null
    union all
    select 'name', "name_ID", "store_ID" from records.name_store_join
    union all
    select 'clinician', "prescriber_ID", "store_ID" from records.clinician_store_join
),
joined as (
    select newcomer.table_name, newcomer.record_id, newcomer.site, dispensary.store_id,
        dispensary.code
    from newcomer
    join told on told.table_name = newcomer.table_name and told.record_id = newcomer.record_id
    join dispensary on dispensary.store_id = told.store_id and dispensary.site = newcomer.site
)
select
    newcomer.table_name, newcomer.record_id, newcomer.site,
    coalesce(
        arg_min(joined.store_id, (joined.code, joined.store_id)),
        arg_min(dispensary.store_id, (dispensary.code, dispensary.store_id))
    ) as store_id
from newcomer
join dispensary on dispensary.site = newcomer.site
left join joined
    on joined.table_name = newcomer.table_name and joined.record_id = newcomer.record_id
    and joined.site = newcomer.site
group by all
