-- description: One row per record that this cycle changed, or merged away, and that may go somewhere: its route, the line that is its newest version, the site that made it.
-- load: working
-- key: cursor, action
with moved as (
    select
        record.table_name, record.record_id, null::varchar as kept_id,
        case when record.deleted then 'delete' else 'update' end as action,
        case when record.deleted then record.cursor else record.version end as cursor,
        record.cursor as newest, record.store_id, record.parent_id, routed.parent_table,
        routed.route, routed.depth
    from collector.record as record
    join routed
        on routed.record_kind = record.record_kind and routed.table_name = record.table_name
        and coalesce(routed.store_set = (record.store_id is not null), true)
    where record.cycle = getvariable('cycle')
        -- Most are store data of stores that nobody has a copy of: they stay at the hub.
        and (
            routed.route not in ('store', 'prescription')
            or record.deleted
            or record.store_id in (select store_id from routing.store_at where level = 'collector')
            or (record.table_name, record.record_id) in (select (half_table, half_id) from half)
            or (routed.parent_table, record.parent_id) in (select (half_table, half_id) from half)
            or routed.depth > 1
            or record.table_name in ('Goods_received', 'Goods_received_line', 'indicator_value')
            or (
                getvariable('prescriptions_follow_patient')
                and record.table_name in (select table_name from routed where route = 'prescription')
            )
        )
),
merged as (
    select
        change.table_name, json_extract_string(change.data, '$.mergeIdToDelete') as record_id,
        json_extract_string(change.data, '$.mergeIdToKeep') as kept_id, change.cursor,
        routed.route, routed.depth
    from collector.verdict as verdict
    join landing.change as change using (cursor)
    join routed
        on routed.record_kind = verdict.record_kind and routed.table_name = change.table_name
        and routed.store_set is null
    where change.action = 'merge' and verdict.cycle = getvariable('cycle')
        and verdict.outcome = 'accepted'
)
select moved.*, change.site as origin
from moved
join landing.change as change on change.cursor = moved.newest
union all by name
select
    merged.*, 'merge' as action, merged.cursor as newest, record.store_id, '' as parent_table,
    null as parent_id, change.site as origin
from merged
join landing.change as change using (cursor)
join collector.record as record
    on record.table_name = merged.table_name and record.record_id = merged.record_id
