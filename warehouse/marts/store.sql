-- description: One row per store, with its place (its name's custom_data).
-- key: store_id
with place as (
    select
        "ID" as name_id,
        case when custom_data[1] = '"' then json_extract_string(custom_data, '$')
            else custom_data end as told
    from warehouse.records.name
    where "ID" in (select "name_ID" from warehouse.records.store)
),
valid as (
    select name_id, case when json_valid(told) then told end as told from place
)
select
    store."ID" as store_id, coalesce(store.code, '') as store_code,
    coalesce(store.name, '') as store_name, store.sync_id_remote_site::integer as site,
    store.store_mode, coalesce(store.disabled, false) as disabled,
    json_extract_string(valid.told, '$.region') as region,
    json_extract_string(valid.told, '$.district') as district,
    json_extract_string(valid.told, '$.type') as level,
    try_cast(json_extract_string(valid.told, '$.latitude') as double) as latitude,
    try_cast(json_extract_string(valid.told, '$.longitude') as double) as longitude,
    key.key as store_key
from warehouse.records.store as store
left join valid on valid.name_id = store."name_ID"
left join marts.key as key on key.id = store."ID"
order by store_code, store_id
