-- description: One row per store, with its place: what its name's custom_data says, else the name's tags, else its category.
-- key: store_id
with named as (
    select
        "ID" as name_id, "category1_ID" as category_id,
        case when custom_data[1] = '"' then json_extract_string(custom_data, '$')
            else custom_data end as told
    from warehouse.records.name
    where "ID" in (select "name_ID" from warehouse.records.store)
),
valid as (
    select name_id, case when json_valid(told) then told end as told from named
),
said as (
    select
        *, nullif(json_extract_string(told, '$.region'), '') as region,
        nullif(json_extract_string(told, '$.district'), '') as district
    from valid
),
-- A tag such as `region: North`; of two the first.
tag as (
    select
        joined."name_ID" as name_id,
        min(told.word[2]) filter (told.word[1] = 'region') as region,
        min(told.word[2]) filter (told.word[1] = 'district') as district
    from warehouse.records.name_tag_join as joined
    join (
        select
            "ID" as tag_id,
            [lower(trim(split_part(description, ':', 1))), trim(split_part(description, ':', 2))]
                as word
        from warehouse.records.name_tag
        where description like '%:%'
    ) as told on told.tag_id = joined."name_tag_ID" and told.word[2] <> ''
    group by joined."name_ID"
),
-- A name's first category has three levels, from the whole to the part; `None` stands for none.
category as (
    select
        named.name_id,
        list_filter(
            [top.description, middle.description, low.description],
            lambda level: level not in ('', 'None')
        ) as levels
    from named
    join warehouse.records.name_category1 as low on low."ID" = named.category_id
    left join warehouse.records.name_category1_level2 as middle on middle."ID" = low."parent_ID"
    left join warehouse.records.name_category1_level1 as top on top."ID" = middle."parent_ID"
),
-- Where a store was active before, and since when it is where it is now.
active as (
    select activity.store_id, activity.site, cycle.clock as since, activity.cycle
    from warehouse.collector.store_activity as activity
    join warehouse.landing.cycle as cycle using (cycle)
),
moved as (
    select
        here.store_id, any_value(here.since) as active_since,
        arg_max(contact.last_accepted, before.cycle) as accepted_before
    from active as here
    join warehouse.records.store as store
        on store."ID" = here.store_id and store.sync_id_remote_site = here.site
    join active as before on before.store_id = here.store_id and before.cycle < here.cycle
    left join warehouse.collector.contact as contact on contact.site = before.site
    group by here.store_id
)
select
    store."ID" as store_id, coalesce(store.code, '') as store_code,
    coalesce(store.name, '') as store_name, store.sync_id_remote_site::integer as site,
    store.store_mode, coalesce(store.disabled, false) as disabled,
    -- Both from whichever says one of them first: of two they need not belong together.
    case
        when coalesce(said.region, said.district) is not null then said.region
        when coalesce(tag.region, tag.district) is not null then tag.region
        else category.levels[1]
    end as region,
    case
        when coalesce(said.region, said.district) is not null then said.district
        when coalesce(tag.region, tag.district) is not null then tag.district
        else category.levels[2]
    end as district,
    json_extract_string(said.told, '$.type') as level,
    try_cast(json_extract_string(said.told, '$.latitude') as double) as latitude,
    try_cast(json_extract_string(said.told, '$.longitude') as double) as longitude,
    key.key as store_key, moved.active_since, moved.accepted_before
from warehouse.records.store as store
left join said on said.name_id = store."name_ID"
left join tag on tag.name_id = store."name_ID"
left join category on category.name_id = store."name_ID"
left join moved on moved.store_id = store."ID"
left join marts.key as key on key.id = store."ID"
order by store_code, store_id
