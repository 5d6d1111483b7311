-- description: One row per line that is deferred or in quarantine: where it stands, and why; never its data.
-- key: id
select
    held.cursor as id, held.site, segment.name as segment, change.line,
    held.table_name, held.record_id, held.reason, held.detail,
    change.received_at, held.since
from warehouse.collector.held as held
join warehouse.landing.change as change using (cursor)
join warehouse.landing.segment as segment on segment.segment = change.segment
order by id
