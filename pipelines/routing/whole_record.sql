-- description: One row per record that one site newly asks for, with all that hangs on it (rules R13, I1): `again` where what the site has counts for nothing, `anew` where what this cycle changed is asked for too.
-- load: working
-- given: fresh_name, fresh_prescriber, fresh_store, half_seen, initialised, introduction, received
with patient as (
    select name_id, name_id as record_id, site, again, initialised, whole from fresh_name
    union all
    select fresh_name.name_id, merged.record_id, site, again, initialised, whole
    from fresh_name
    join collector.merged as merged
        on merged.table_name = 'name' and merged.merged_into = fresh_name.name_id
),
prescriber as (
    select clinician_id, clinician_id as record_id, site, again, initialised
    from fresh_prescriber
    union all
    select fresh_prescriber.clinician_id, merged.record_id, site, again, initialised
    from fresh_prescriber
    join collector.merged as merged
        on merged.table_name = 'clinician' and merged.merged_into = fresh_prescriber.clinician_id
),
told as (
    select 'name' as table_name, record_id, site as asking, again, initialised as anew from patient
    union all
    select named.table_name, named.record_id, fresh_name.site, again, initialised
    from fresh_name
    join named using (name_id)
    union all
    -- The new home gets what this very cycle says, too; elsewhere the preference alone sends it.
    select 'transact', transact."ID", fresh_name.site, again, initialised or fresh_name.whole
    from fresh_name
    join records.transact as transact on transact."name_ID" = fresh_name.name_id
    where transact.type = 'ci' and transact.mode = 'dispensary'
        and (fresh_name.whole or getvariable('prescriptions_follow_patient'))
    union all
    select 'clinician', record_id, site, again, initialised from prescriber
    union all
    select 'clinician_store_join', joined."ID", site, again, initialised
    from fresh_prescriber
    join records.clinician_store_join as joined
        on joined."prescriber_ID" = fresh_prescriber.clinician_id
    union all
    select 'message', message."ID", fresh_store.site, again, initialised
    from fresh_store
    join records.message as message on message."toStoreID" = fresh_store.store_id
    where fresh_store.level = 'active' and message.status is distinct from 'processed'
    union all
    select 'message', message."ID", initialised.site, true, true
    from records.message as message
    cross join initialised
    where message.status is distinct from 'processed'
    union all
    select half_table, half_id, asking, again, anew from half_seen where asking <> 0
    union all
    select half_table, half_id, asking, asking in (from initialised), true
    from received
    where asking <> 0
    union all
    select table_name, record_id, asking, again, true from introduction
)
select table_name, record_id, asking, bool_or(again) as again, bool_or(anew) as anew
from told
group by table_name, record_id, asking
