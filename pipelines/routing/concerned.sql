-- description: One row per record that may be a transfer's half and that this cycle concerns: it, what hangs on it or the other half changed, or what is decided of it.
-- load: working
with line as (
    select table_name, record_id, parent_table, parent_id, depth from moved
    where route in ('store', 'central_store')
)
select table_name as half_table, record_id as half_id from line
where table_name in (select initiating_table from transfers.transfer)
    or table_name in (select responding_table from transfers.transfer)
union
select parent_table, parent_id from line
where parent_table in (select initiating_table from transfers.transfer)
    or parent_table in (select responding_table from transfers.transfer)
union
-- What a name stands for has changed, so the other half is made, or its site is to make it, now.
select initiating_table, initiating_id from transfers.transfer
where cycle = getvariable('cycle')
union
-- A half that its site made before the initiating half came.
select responding_table, responding_id from transfers.transfer
where cycle = getvariable('cycle') and responding_id is not null
union
-- What hangs on a line's record hangs on the half, too.
select above.parent_table, parent.parent_id
from line
join collector.record as parent
    on parent.table_name = line.parent_table and parent.record_id = line.parent_id
join (select distinct table_name, parent_table from routed) as above
    on above.table_name = parent.table_name
where line.depth > 1
union
-- The figures of its period go with a requisition (see half_seen).
select 'requisition', requisition."ID"
from line
join records.indicator_value as value on value."ID" = line.record_id
join records.requisition as requisition
    on requisition."store_ID" = value."store_ID" and requisition."periodID" = value."period_ID"
where line.table_name = 'indicator_value'
