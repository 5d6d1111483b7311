-- description: One row per line of the dispensaries' common data and site with an active dispensary (rule R2).
-- load: working
-- given: due
with site as (
    select distinct 0 as asking, site
    from routing.store_at
    where level = 'active' and dispensary
    union all
    select site, site from fresh_dispensary
)
select due.cursor, due.origin, site.site, 'R2' as rule
from due
join site using (asking)
where due.route = 'central_dispensary'
