-- description: One row per record that this cycle changed, or merged away, and must go somewhere: its route and the line that is its newest version.
-- key: table_name, record_id, cursor
select
    settled.table_name, settled.record_id,
    case when settled.deleted then 'delete' else settled.action end as action,
    case when settled.deleted then settled.cursor else settled.version end as cursor,
    settled.store_id, settled.site, kind.route, kind.depth
from collector.settled as settled
join (
    select record_kind, table_name, any_value(route) as route, any_value(depth) as depth
    from collector.kind group by all
) as kind
    on kind.record_kind = settled.record_kind and kind.table_name = settled.table_name
where settled.changed
union all
select
    judged.table_name, judged.record_id, 'merge', judged.cursor, judged.store_id, judged.site,
    kind.route, kind.depth
from collector.judged as judged
join collector.kind as kind using (kind)
where judged.outcome = 'accepted' and judged.action = 'merge'
