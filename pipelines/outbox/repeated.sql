-- description: One row per record of the central log when the log was rolled back (rule I5): its newest line again, so that sites which read lines that were lost end with what the hub knows.
-- load: working
-- given: marked
with newest as (
    select table_name, record_id, arg_max(action, id) as action, arg_max(cursor, id) as cursor
    from outbox.central
    where exists (from marked where site = 0)
    group by all
),
placed as (
    select table_name, min(depth) as depth from kind where route = 'central' group by all
)
select newest.table_name, newest.record_id, newest.action, newest.cursor, placed.depth
from newest
join placed using (table_name)
anti join routing.central as central
    on central.table_name = newest.table_name and central.record_id = newest.record_id
