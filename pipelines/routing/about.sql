-- description: One row per line asked about that concerns a name, and that name as merges left it (rules R5, R7): a patient's record and what hangs on it, name data, joins, prescriptions.
-- load: working
with prescription as (
    select asked.cursor, case when asked.table_name = 'transact' then asked.record_id
        else asked.parent_id end as transact_id
    from asked
    where asked.table_name in (select table_name from routed where route = 'prescription')
        and (
            getvariable('prescriptions_follow_patient')
            or asked.asking in (select site from fresh_name where whole)
        )
),
told as (
    select cursor, record_id as name_id from asked where table_name = 'name'
    union
    select cursor, parent_id from asked where parent_table = 'name'
    union
    select asked.cursor, parent.parent_id
    from asked
    join collector.record as parent
        on parent.table_name = asked.parent_table and parent.record_id = asked.parent_id
    where asked.route = 'patient' and asked.depth > 1
    union
    select asked.cursor, named.name_id from asked join named using (table_name, record_id)
    where asked.route in ('name', 'patient')
    union
    -- A prescription is one by what its name is now, whatever was known when it came.
    select prescription.cursor, transact."name_ID"
    from prescription
    join records.transact as transact on transact."ID" = prescription.transact_id
    join records.name as name on name."ID" = transact."name_ID"
    where transact.type = 'ci' and transact.mode = 'dispensary' and name.type = 'patient'
)
select told.cursor, coalesce(merged.merged_into, told.name_id) as name_id
from told
left join collector.merged as merged
    on merged.table_name = 'name' and merged.record_id = told.name_id
where told.name_id <> ''
