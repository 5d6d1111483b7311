-- description: One row per record that one site newly asks for, as it stands; `again` where what the site has counts for nothing (rules R13, I1).
-- load: working
-- given: fresh_dispensary, fresh_store, hanging, whole_record
with whole as (
    from whole_record
    union all
    from hanging
),
dispensary as (
    select distinct
        routed.table_name, routed.record_kind, fresh_dispensary.site, fresh_dispensary.initialised
    from routed
    join fresh_dispensary using (route)
),
-- What is asked for first, and what it is then: so the stored records are met by a few keys only.
told as not materialized (
    select
        record.*, fresh_store.level, fresh_store.site as asking, fresh_store.again,
        fresh_store.initialised as anew
    from collector.record as record
    join fresh_store on fresh_store.store_id = record.store_id
    union all
    select record.*, null, whole.asking, whole.again, whole.anew
    from collector.record as record
    join whole on whole.table_name = record.table_name and whole.record_id = record.record_id
    union all
    select record.*, null, dispensary.site, dispensary.initialised, dispensary.initialised
    from collector.record as record
    join dispensary
        on dispensary.table_name = record.table_name
        and dispensary.record_kind = record.record_kind
)
select
    told.table_name, told.record_id, told.version as cursor, told.cursor as newest, told.store_id,
    told.parent_id, routed.parent_table, routed.route, routed.depth, told.asking, told.again,
    'update' as action
from told
join routed
    on routed.record_kind = told.record_kind and routed.table_name = told.table_name
    and coalesce(routed.store_set = (told.store_id is not null), true)
where not told.deleted and routed.route <> 'central'
    and (told.anew or told.cycle < getvariable('cycle'))
    and (
        told.level is null or told.level in ('active', 'collector')
        or routed.route = 'central_store'
    )
