-- description: One row per line of a transfer's half, or of what goes with it, and site of either store (rules T): the half itself, what hangs on it.
-- load: working
-- given: due
-- given: half_seen, received
with seen as (
    select half_table, half_id, asking, site from half_seen
    union
    from received
),
lines as (
    select due.* from due where due.route in ('store', 'central_store')
)
select lines.cursor, lines.origin, seen.site, 'T' as rule
from lines
join seen
    on seen.half_table = lines.table_name and seen.half_id = lines.record_id
    and seen.asking = lines.asking
union all
select lines.cursor, lines.origin, seen.site, 'T'
from lines
join seen
    on seen.half_table = lines.parent_table and seen.half_id = lines.parent_id
    and seen.asking = lines.asking
union all
select lines.cursor, lines.origin, seen.site, 'T'
from lines
join collector.record as parent
    on parent.table_name = lines.parent_table and parent.record_id = lines.parent_id
join (select distinct table_name, parent_table from routed) as routed
    on routed.table_name = parent.table_name
join seen
    on seen.half_table = routed.parent_table and seen.half_id = parent.parent_id
    and seen.asking = lines.asking
where lines.depth > 1
