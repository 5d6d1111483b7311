-- description: One row per store of this pass that would be the second active one of a mobile site; the one that stood there, or came first, stays (rule V5).
-- load: working
-- key: cursor
with told as materialized ( -- before its text is read: other lines of the cycle may be none
    select judged.cursor, judged.record_id, change.data
    from judged
    join landing.change as change using (cursor)
    where judged.table_name = 'store' and judged.outcome = 'accepted'
),
line as (
    select told.cursor, told.record_id, site.site_ID::integer as site
    from told
    join records.site as site
        on site.site_ID = try_cast(
            json_extract_string(told.data, '$.sync_id_remote_site') as double
        )
    where site.kind = 'mobile'
),
active as (
    select "ID" as store_id, sync_id_remote_site::integer as site, 0 as cursor
    from records.store
    where "ID" not in (select record_id from judged where table_name = 'store')
    union all
    select record_id, site, cursor from line
)
select line.cursor, 'mobile_site_full' as outcome,
    'site ' || line.site || ' is mobile and has store '
        || arg_min(active.store_id, active.cursor) as detail
from line
join active on active.site = line.site and active.store_id <> line.record_id
    and active.cursor < line.cursor
group by line.cursor, line.site
