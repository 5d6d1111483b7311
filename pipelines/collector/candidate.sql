-- description: One row per line that this cycle judges, with the keys that its verdict needs; `refusal` is set where the line cannot be judged at all.
-- load: working
with line as (
    select
        cursor, site, table_name, record_id, action, data, problem, segment is null as made,
        false as recalled
    from landing.change
    where cycle = getvariable('cycle') and cursor >= getvariable('from_cursor')
    union all
    select
        change.cursor, change.site, change.table_name, change.record_id, change.action,
        change.data, change.problem, false, true
    from landing.change as change
    join recall as recall using (cursor)
),
keyed as (
    select
        cursor, site, table_name, record_id, action, problem, made, recalled,
        case when problem is null then hash(data) end as digest,
        case when problem is null then own_keys(table_name, data) end as keys,
        case when problem is null then key_types(table_name, data) end as types,
        case when action = 'merge' then case
            json_type(data, ['$.mergeIdToKeep', '$.mergeIdToDelete'])
            when ['VARCHAR', 'VARCHAR']
                then json_extract_string(data, ['$.mergeIdToKeep', '$.mergeIdToDelete'])
        end end as merged
    from line
),
checked as (
    select *, wrong_key(table_name, types, keys) as wrong from keyed
),
judged as (
    select
        checked.*, passes.pass, passes.merges, passes.merge_pass,
        case
            when problem is not null then 'malformed'
            when passes.pass is null then 'unknown_table'
            when action = 'merge' then case
                when merged is null or not passes.merges then 'malformed'
            end
            when keys[1] <> record_id or wrong is not null then 'malformed'
        end as refusal
    from checked
    left join passes using (table_name)
)
select
    cursor, site, table_name,
    -- The record of a merge is the one that is merged away (rule R9).
    coalesce(case when refusal is null then merged[2] end, record_id) as record_id,
    merged[1] as kept_id,
    action, made, recalled, digest, refusal,
    nullif(keys[2], '') as owner_id,
    nullif(keys[3], '') as parent_id,
    nullif(keys[4], '') as party_id,
    case when table_name = 'name' then keys[5] = 'patient' end as is_patient,
    table_name = 'transact' and keys[5] = 'ci' and keys[6] = 'dispensary' as dispensed,
    -- Merges come last, when everything that this cycle brings is known.
    case when action = 'merge' then merge_pass else pass end as pass,
    case when refusal = 'malformed' then coalesce(
        problem,
        case
            when action = 'merge' and not merges then 'records of this table are not merged'
            when action = 'merge' then 'mergeIdToKeep and mergeIdToDelete must be strings'
            else coalesce(wrong, 'recordId is not the id in recordData: ' || keys[1])
        end
    ) end as detail
from judged
