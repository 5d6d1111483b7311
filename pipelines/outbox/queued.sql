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
    route.cursor, route.table_name, route.record_id, route.action, route.rule,
    case when owed.sequence > coalesce(acknowledged.sequence, 0) then owed.sequence end
        as supersedes
from routing.route as route
left join outbox.head as head using (site)
-- A queue that begins anew owes nothing of what stood before.
left join (
    from outbox.owed where site not in (select site from routing.route where action = 'reset')
) as owed
    on owed.site = route.site and owed.table_name = route.table_name
    and owed.record_id = route.record_id and owed.merge = (route.action = 'merge')
left join outbox.acknowledged as acknowledged on acknowledged.site = route.site
