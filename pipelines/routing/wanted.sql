-- description: One row per record that one site newly asks for: as it stands, and with no origin where what the site has counts for nothing (rules R13, I1).
-- load: working
with whole as (
    from whole_record
    union all
    from hanging
),
stored as (
    select
        record.table_name, record.record_id, record.version as cursor, record.cursor as newest,
        record.store_id, record.parent_id, record.cycle, routed.parent_table, routed.route,
        routed.depth
    from collector.record as record
    join routed
        on routed.record_kind = record.record_kind and routed.table_name = record.table_name
        and coalesce(routed.store_set = (record.store_id is not null), true)
    where not record.deleted and routed.route <> 'central'
),
told as (
    select stored.*, fresh_store.site as asking, fresh_store.again, fresh_store.initialised as anew
    from stored
    join fresh_store using (store_id)
    where fresh_store.level in ('active', 'collector') or stored.route = 'central_store'
    union all
    select stored.*, whole.asking, whole.again, whole.anew
    from stored
    join whole using (table_name, record_id)
    union all
    select stored.*, fresh_dispensary.site, fresh_dispensary.initialised, fresh_dispensary.initialised
    from stored
    cross join fresh_dispensary
    where stored.route = 'central_dispensary'
),
-- Merges come after what they merge; those of central data are in the central log.
merged as (
    select
        merged.table_name, merged.record_id, merged.cursor, told.store_id, told.asking,
        told.again, told.anew, merged.cycle, told.route, told.depth
    from told
    join collector.merged as merged using (table_name, record_id)
),
lines as (
    select told.*, 'update' as action from told
    union all by name
    select merged.*, cursor as newest, '' as parent_table, 'merge' as action from merged
)
select * exclude (cycle, anew)
from lines
where anew or cycle < getvariable('cycle')
