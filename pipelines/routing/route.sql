-- description: One row per change and site whose queue it enters: never the site that made it, a disabled one, or the hub itself (rule R11).
-- key: site, table_name, record_id, cursor
with told as (
    from routing.central_store
    union all by name from routing.store
    union all by name from routing.deleted
)
select distinct told.table_name, told.record_id, told.action, told.cursor, told.depth, told.site
from told
where told.site <> told.origin
    and told.site <> getvariable('central')
    and told.site in (
        select site_ID from records.site where not coalesce(disabled, false)
        union all select getvariable('primary')
    )
