-- description: One row per record that this cycle changed, or merged away, and that may go somewhere: its route, the line that is its newest version, the site that made it.
-- key: table_name, record_id, cursor
with routed as (
    select
        record_kind, table_name, store_set, any_value(route) as route, any_value(depth) as depth
    from kind
    where route <> 'none'
    group by all
),
moved as (
    select
        record.table_name, record.record_id,
        case when record.deleted then 'delete' else 'update' end as action,
        case when record.deleted then record.cursor else record.version end as cursor,
        record.cursor as newest, record.store_id, routed.route, routed.depth
    from collector.record as record
    join routed
        on routed.record_kind = record.record_kind and routed.table_name = record.table_name
        and coalesce(routed.store_set = (record.store_id is not null), true)
    where record.cycle = getvariable('cycle')
        and (
            routed.route in ('central', 'central_store') or record.deleted
            or record.store_id in (
                select "store_ID" from records.store_site where sync_type = 'collector'
            )
        )
)
select
    moved.table_name, moved.record_id, moved.action, moved.cursor, moved.store_id,
    change.site, moved.route, moved.depth
from moved
join landing.change as change on change.cursor = moved.newest
union all
select
    change.table_name, change.record_id, 'merge', change.cursor, null, change.site,
    routed.route, routed.depth
from landing.change as change
join collector.verdict as verdict using (cursor)
join routed
    on routed.record_kind = verdict.record_kind and routed.table_name = change.table_name
    and routed.store_set is null
where change.action = 'merge' and verdict.cycle = getvariable('cycle')
    and verdict.outcome = 'accepted'
