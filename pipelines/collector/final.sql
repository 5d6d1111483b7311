-- description: One row per message of this pass that says something else than its first version: only its processing status may follow, from the receiving store's site; from the hub, when only a sending store is set; else from any remote site (rule O8).
-- load: working
-- key: cursor
with line as (
    select
        judged.cursor, judged.site, judged.record_id, judged.action, judged.digest,
        change.data, stored.cursor is not null as came, stored.digest as stored_digest,
        stored_change.data as stored_data
    from judged
    join landing.change as change using (cursor)
    left join known as stored
        on stored.table_name = 'message' and stored.record_id = judged.record_id
    left join landing.change as stored_change on stored_change.cursor = stored.version
    where judged.table_name = 'message' and judged.pass = getvariable('pass')
        and judged.outcome = 'accepted' and not judged.made
),
told as (
    select
        *, row_number() over turn = 1 and not came as is_first,
        coalesce(stored_data, first_value(data) over turn) as first_data
    from line
    window turn as (partition by record_id order by action = 'delete', cursor)
),
said as (
    select
        told.* exclude (data, stored_data, first_data),
        json_extract(data, [
            '$.toStoreID', '$.fromStoreID', '$.body', '$.type', '$.createdDate', '$.createdTime'
        ]) is not distinct from json_extract(first_data, [
            '$.toStoreID', '$.fromStoreID', '$.body', '$.type', '$.createdDate', '$.createdTime'
        ]) as is_same,
        case
            when json_extract_string(first_data, '$.toStoreID') <> ''
                then coalesce(receiver.sync_id_remote_site = site, false)
            when json_extract_string(first_data, '$.fromStoreID') <> ''
                then site = getvariable('central')
            else site <> getvariable('central')
        end as processes
    from told
    left join records.store as receiver
        on receiver."ID" = json_extract_string(first_data, '$.toStoreID')
),
ordered as (
    select
        *,
        coalesce(
            arg_max(digest, cursor) filter (action <> 'delete' and is_same
                and (is_first or processes)) over (
                partition by record_id order by cursor
                rows between unbounded preceding and 1 preceding
            ),
            stored_digest
        ) as standing
    from said
)
select cursor, 'message_is_final' as outcome, case
    when action = 'delete' then 'a message is never deleted'
    else 'it says something else than its first version'
end as detail
from ordered
where action = 'delete'
    or not (is_first or (is_same and (processes or digest is not distinct from standing)))
