-- description: One row per invoice, still untouched, to which this cycle adds lines: its text with the new total.
-- load: working
-- key: table_name, record_id
-- given: line_due
-- given: invoice_line, order_invoice_line
with added as (
    select line.responding_id, sum(line.amount) as amount
    from (from invoice_line union all by name from order_invoice_line) as line
    where line.responding_id in (select responding_id from line_due where is_late)
    group by all
),
stood as (
    select line."transaction_ID" as responding_id, sum(line.quantity * line.cost_price) as amount
    from records.trans_line as line
    semi join added on added.responding_id = line."transaction_ID"
    group by all
)
select
    record.table_name, record.record_id, 'update' as action,
    json_merge_patch(change.data, json_object(
        'total', whole(round(coalesce(stood.amount, 0) + added.amount, 6)),
        'subtotal', whole(round(coalesce(stood.amount, 0) + added.amount, 6))
    ))::varchar as data
from added
left join stood on stood.responding_id = added.responding_id
join collector.record as record
    on record.table_name = 'transact' and record.record_id = added.responding_id
join landing.change as change on change.cursor = record.version
