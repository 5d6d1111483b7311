-- description: One row per line that this cycle adds to a site's queue, numbered on from the queue's last.
-- key: site, sequence
select
    route.site,
    coalesce(reached.last, 0) + row_number() over (
        partition by route.site
        order by
            route.action = 'delete',
            case when route.action = 'delete' then -route.depth else route.depth end,
            route.cursor, route.table_name, route.record_id
    ) as sequence,
    getvariable('cycle')::bigint as cycle,
    route.cursor, route.table_name, route.record_id, route.action
from routing.route as route
left join reached using (site)
order by route.site, sequence
