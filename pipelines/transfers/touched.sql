-- description: One row per responding half that late lines or the initiating half's deletion concern, and that is not as the hub made it: more than its number and its log is different.
-- load: working
-- key: responding_id
-- given: gone, late
with concerned as (
    select transfer.responding_table as table_name, transfer.responding_id, transfer.version
    from transfers.transfer as transfer
    where transfer.responding_id in (
        select responding_id from late union all select responding_id from gone where is_answered
    )
),
part as (
    select
        concerned.responding_id, record.table_name, record.record_id, record.deleted,
        record.version, concerned.version as made_version
    from concerned
    join collector.record as record
        on record.table_name = concerned.table_name
        and record.record_id = concerned.responding_id
    union all
    select
        record.parent_id, record.table_name, record.record_id, record.deleted, record.version,
        line.version
    from collector.record as record
    left join transfers.line as line on line.responding_line = record.record_id
    where record.parent_id in (select responding_id from concerned)
        and record.table_name in ('trans_line', 'requisition_line', 'Goods_received_line')
),
said as (
    select part.responding_id, part.record_id, side.is_made, change.data
    from part
    cross join (values (true), (false)) as side (is_made)
    join landing.change as change
        on change.cursor = case when side.is_made then part.made_version else part.version end
    where part.version <> part.made_version
),
value as (
    select said.responding_id, said.record_id, said.is_made, field.key, plain(field.value) as value
    from said, json_each(said.data) as field
    where not is_log(field.key) and plain(field.value) is not null
)
select responding_id
from part
where deleted or made_version is null
union
select coalesce(made.responding_id, now.responding_id)
from (from value where is_made) as made
full join (from value where not is_made) as now
    on now.record_id = made.record_id and now.key = made.key
    and now.responding_id = made.responding_id
where made.value is distinct from now.value
