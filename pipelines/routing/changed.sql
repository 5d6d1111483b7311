-- description: One row per record that this cycle changed, or merged away, and that may go somewhere: its route, the line that is its newest version, the site that made that (who says the same after it changes nothing).
-- load: working
-- key: cursor, action
with going as (
    select
        moved.* exclude (deleted), case when deleted then 'delete' else 'update' end as action
    from moved
    where route not in ('store', 'prescription')
        or deleted
        or depth > 1
        or table_name in ('Goods_received', 'Goods_received_line', 'indicator_value')
        or store_id in (select store_id from routing.store_at where level = 'collector')
        or (table_name, record_id) in (select (half_table, half_id) from half)
        or (parent_table, parent_id) in (select (half_table, half_id) from half)
        or (
            getvariable('prescriptions_follow_patient')
            and table_name in (select table_name from routed where route = 'prescription')
        )
),
merged as (
    select
        change.table_name, json_extract_string(change.data, '$.mergeIdToDelete') as record_id,
        json_extract_string(change.data, '$.mergeIdToKeep') as kept_id, change.cursor,
        change.site as origin, routed.route, routed.depth
    from (
        from collector.verdict where cycle = getvariable('cycle') and outcome = 'accepted'
    ) as verdict
    join (from landing.change where action = 'merge') as change using (cursor)
    -- A merge that changed nothing goes nowhere, like an equal line (rules O14, G4).
    semi join collector.merged as effective on effective.cursor = verdict.cursor
    join routed
        on routed.record_kind = verdict.record_kind and routed.table_name = change.table_name
        and routed.store_set is null
)
select going.*, null::varchar as kept_id, change.site as origin
from going
join landing.change as change on change.cursor = going.cursor
union all by name
select
    merged.*, 'merge' as action, record.store_id, null as parent_table,
    null as parent_id
from merged
join collector.record as record
    on record.table_name = merged.table_name and record.record_id = merged.record_id
