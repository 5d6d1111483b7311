-- description: One row per record that a change of home store, now complete, makes anew: the patient or prescriber, its join into the new home store, the message (rules P3, P4).
-- load: working
-- key: table_name, record_id
-- given: records.message
-- What waits; and what the old home's site says is processed in the very push that completes it.
with waiting as (
    select message."ID" as message_id, message.status, message.body, record.first, record.version
    from records.message as message
    join collector.record as record
        on record.table_name = 'message' and record.record_id = message."ID"
    join landing.change as change on change.cursor = record.version
    where message.type = 'home_store_change' and (
        message.status is distinct from 'processed'
        or (record.cycle = getvariable('cycle') and change.site <> getvariable('central'))
    )
),
-- What is no JSON asks for nothing, and stops nothing.
asked as (
    select
        waiting.* exclude (body), said.told ->> '$.name_ID' as record_id,
        said.told ->> '$.to_store_ID' as to_store
    from waiting, (
        select try_cast(
            case when waiting.body[1] = '"' then json_extract_string(waiting.body, '$')
                else waiting.body end as json
        ) as told
    ) as said
),
-- What is asked for in an earlier cycle, of a known record, for a known store: the newest holds.
pending as (
    select
        asked.message_id, asked.first, asked.record_id, asked.to_store, record.table_name,
        record.version, home.sync_id_remote_site::integer as site
    from asked
    join collector.record as record
        on record.record_id = asked.record_id and record.table_name in ('name', 'clinician')
        and record.record_kind = 'Patients and prescribers' and not record.deleted
    join collector.verdict as verdict on verdict.cursor = asked.first
    join records.store as home on home."ID" = record.store_id
    semi join records.store as target on target."ID" = asked.to_store
    where verdict.cycle < getvariable('cycle')
    qualify row_number() over (
        partition by record.table_name, asked.record_id order by asked.first desc
    ) = 1
),
acknowledged as (
    select told.acknowledge.site as site, max(told.acknowledge.sequence) as sequence
    from (
        select from_json(
            request.value, '{"acknowledge": {"site": "INTEGER", "sequence": "BIGINT"}}'
        ) as told
        from request
    )
    group by all
),
complete as (
    select pending.*
    from pending
    left join outbox.owed as owed
        on owed.site = pending.site and owed.table_name = 'message'
        and owed.record_id = pending.message_id
    left join acknowledged on acknowledged.site = pending.site
    where pending.site = getvariable('central')
        or pending.site in (
            select site from landing.segment where cycle = getvariable('cycle')
        )
        or acknowledged.sequence >= owed.sequence
)
select
    complete.table_name, complete.record_id, 'update' as action,
    json_merge_patch(change.data, case complete.table_name
        when 'name' then json_object('supplying_store_id', complete.to_store)
        else json_object('store_ID', complete.to_store)
    end)::varchar as data
from complete
join landing.change as change on change.cursor = complete.version
left join records.name as name
    on complete.table_name = 'name' and name."ID" = complete.record_id
left join records.clinician as clinician
    on complete.table_name = 'clinician' and clinician."ID" = complete.record_id
-- A record that names this home already is as it was.
where coalesce(name.supplying_store_id, clinician."store_ID") is distinct from complete.to_store
union all
-- What was asked for before is done with, too.
select
    'message', asked.message_id, 'update',
    json_merge_patch(change.data, '{"status":"processed"}')::varchar
from asked
semi join complete on complete.record_id = asked.record_id and asked.first <= complete.first
join landing.change as change on change.cursor = asked.version
where asked.status is distinct from 'processed'
union all
select
    'name_store_join', made_id('P3/' || record_id || '/' || to_store), 'update',
    json_object(
        'ID', made_id('P3/' || record_id || '/' || to_store), 'name_ID', record_id,
        'store_ID', to_store, 'inactive', false
    )::varchar
from complete
where table_name = 'name' and (record_id, to_store) not in (
    select ("name_ID", "store_ID") from records.name_store_join where not coalesce(inactive, false)
)
union all
select
    'clinician_store_join', made_id('P4/' || record_id || '/' || to_store), 'update',
    json_object(
        'ID', made_id('P4/' || record_id || '/' || to_store), 'prescriber_ID', record_id,
        'store_ID', to_store
    )::varchar
from complete
where table_name = 'clinician' and (record_id, to_store) not in (
    select ("prescriber_ID", "store_ID") from records.clinician_store_join
)
