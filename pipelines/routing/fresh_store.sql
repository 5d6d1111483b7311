-- description: One row per store and site where it is known for the first time, or in a fuller way than before (rule R13), or that is initialised (I1); `again` where what the site has counts for nothing.
-- load: working
-- key: store_id, site
-- given: initialised, touched_store
with ranked as (
    select
        now.*, was.level as was_level,
        list_position(['active', 'collector', 'visible', 'transfer'], now.level) as rank,
        list_position(['active', 'collector', 'visible', 'transfer'], was.level) as was_rank
    from routing.store_at as now
    semi join touched_store using (store_id)
    left join was_at as was using (store_id, site)
),
-- A store that moves is sent whole: its new site may have had, or made, a part of it long ago.
moved as (
    select activity.store_id
    from collector.store_activity as activity
    join collector.record as record
        on record.table_name = 'store' and record.record_id = activity.store_id
    where record.cycle = getvariable('cycle')
    group by activity.store_id
    having count(distinct activity.site) > 1
)
select
    store_id, site, level, dispensary,
    level = 'active' and store_id in (from moved) as again, false as initialised
from ranked
where (was_rank is null or rank < was_rank) and site not in (from initialised)
union all
select store_id, site, level, dispensary, true, true
from routing.store_at
where site in (from initialised)
