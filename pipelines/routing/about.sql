-- description: One row per line asked about that concerns a name, and that name as merges left it (rules R5, R7): a patient's record and what hangs on it, name data, joins, prescriptions.
-- load: working
-- given: due
with prescription as (
    select due.cursor, case when due.table_name = 'transact' then due.record_id
        else due.parent_id end as transact_id
    from due
    where due.table_name in (select table_name from routed where route = 'prescription')
        and (
            getvariable('prescriptions_follow_patient')
            or due.asking in (select site from fresh_name where whole)
        )
),
told as (
    select cursor, record_id as name_id from due where table_name = 'name'
    union
    select cursor, parent_id from due where parent_table = 'name'
    union
    select due.cursor, parent.parent_id
    from due
    join collector.record as parent
        on parent.table_name = due.parent_table and parent.record_id = due.parent_id
    where due.route = 'patient' and due.depth > 1
    union
    select due.cursor, named.name_id from due join named using (table_name, record_id)
    where due.route in ('name', 'patient')
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
