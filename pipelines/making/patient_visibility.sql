-- description: One row per new patient and other dispensary of the home site that wants new patients: the join that shows it there (rule P2).
-- load: working
-- key: table_name, record_id
-- given: records.pref, records.preference
with newcomer as (
    select record.record_id as name_id, record.store_id
    from collector.record as record
    join collector.verdict as verdict on verdict.cursor = record.first
    where record.cycle = getvariable('cycle') and record.table_name = 'name'
        and record.record_kind = 'Patients and prescribers' and not record.deleted
        and verdict.cycle = getvariable('cycle')
),
told as (
    -- What is no JSON says nothing, and stops nothing.
    select "store_ID" as store_id, try_cast(
        case when data[1] = '"' then json_extract_string(data, '$') else data end as json
    ) ->> '$.new_patients_visible_in_this_store' as wanted
    from records.pref
    where item = 'store_preferences'
    union all
    select store_id, trim(value, '"')
    from records.preference
    where "key" = 'new_patients_visible_in_this_store'
),
wanting as (
    select store."ID" as store_id, store.sync_id_remote_site as site
    from records.store as store
    semi join (
        from told where lower(wanted) in ('true', '1', 'yes', 'on')
    ) as told on told.store_id = store."ID"
    where lower(store.store_mode) = 'dispensary' and not coalesce(store.disabled, false)
),
shown as (
    select newcomer.name_id, wanting.store_id
    from newcomer
    join records.store as home on home."ID" = newcomer.store_id
    join wanting on wanting.site = home.sync_id_remote_site and wanting.store_id <> home."ID"
    anti join records.name_store_join as joined
        on joined."name_ID" = newcomer.name_id and joined."store_ID" = wanting.store_id
)
select
    'name_store_join' as table_name, made_id('P2/' || name_id || '/' || store_id) as record_id,
    'update' as action,
    json_object(
        'ID', made_id('P2/' || name_id || '/' || store_id), 'name_ID', name_id,
        'store_ID', store_id, 'inactive', false
    )::varchar as data
from shown
