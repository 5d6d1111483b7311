-- description: One row per site that gets its first active dispensary, or has one and is initialised (rule R2).
-- load: working
-- key: site
with before as (
    select site from was_at where level = 'active' and dispensary
    union all
    select store_at.site
    from routing.store_at as store_at
    anti join touched_store using (store_id)
    where store_at.level = 'active' and store_at.dispensary
)
select distinct site, 'central_dispensary' as route, site in (from initialised) as initialised
from routing.store_at as store_at
where store_at.level = 'active' and store_at.dispensary
    and (
        site in (from initialised)
        or (store_id in (from touched_store) and site not in (from before))
    )
