-- description: One row per line that this cycle adds to a site's queue, numbered on from the queue's last.
-- load: working
-- key: site, sequence
select
    route.site,
    coalesce(head.last, 0) + row_number() over (
        partition by route.site
        order by
            route.action <> 'reset', route.action = 'delete', route.action = 'merge',
            case when route.action = 'delete' then -route.depth else route.depth end,
            -- An invoice comes after the requisition that it answers.
            route.table_name <> 'requisition', route.cursor
    ) as sequence,
    getvariable('cycle')::bigint as cycle,
    route.cursor, route.table_name, route.record_id, route.action, route.rule
from routing.route as route
left join outbox.head as head using (site)
