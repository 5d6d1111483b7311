-- description: One row per initiating half of a transfer that has begun: its stores, what became of it, when, how many lines, and the units sent and received.
-- load: replace
-- scope: touched_transfer(initiating_table, initiating_id)
-- key: initiating_table, initiating_id
-- given: touched_transfer
with half as (
    select transfer.*
    from warehouse.transfers.transfer as transfer
    semi join touched_transfer as touched
        on touched.initiating_table = transfer.initiating_table
        and touched.initiating_id = transfer.initiating_id
    where transfer.initiated is not null and transfer.to_store is not null
),
-- Every line of either half, in units.
sent as (
    select half.initiating_table, half.initiating_id, line.quantity * line.pack_size as quantity,
        lower(line."type") <> 'service' as is_stock
    from warehouse.records.trans_line as line
    join half
        on half.initiating_table = 'transact' and half.initiating_id = line."transaction_ID"
    where lower(line."type") in ('stock_out', 'stock_in', 'service')
    union all
    select half.initiating_table, half.initiating_id, line."Cust_stock_order", true
    from warehouse.records.requisition_line as line
    join half
        on half.initiating_table = 'requisition' and half.initiating_id = line."requisition_ID"
    union all
    select half.initiating_table, half.initiating_id,
        coalesce(nullif(line.quan_adjusted_order, 0), line.quan_original_order), true
    from warehouse.records.purchase_order_line as line
    join half
        on half.initiating_table = 'purchase_order'
        and half.initiating_id = line."purchase_order_ID"
),
got as (
    select half.initiating_table, half.initiating_id, line.quantity * line.pack_size as quantity
    from warehouse.records.trans_line as line
    join half
        on half.responding_table = 'transact' and half.responding_id = line."transaction_ID"
    where lower(line."type") in ('stock_out', 'stock_in')
    union all
    select half.initiating_table, half.initiating_id, line."actualQuan"
    from warehouse.records.requisition_line as line
    join half
        on half.responding_table = 'requisition' and half.responding_id = line."requisition_ID"
    union all
    select half.initiating_table, half.initiating_id, line.quantity_received * line.pack_received
    from warehouse.records."Goods_received_line" as line
    join half
        on half.responding_table = 'Goods_received'
        and half.responding_id = line."goods_received_ID"
),
sum_sent as (
    select initiating_table, initiating_id, count(*) as lines,
        sum(quantity) filter (is_stock) as quantity
    from sent group by all
),
sum_got as (
    select initiating_table, initiating_id, sum(quantity) as quantity from got group by all
),
late as (
    select distinct kind, initiating_id
    from warehouse.transfers.line
    where outcome = 'late_line' and initiating_id in (select initiating_id from half)
),
dated as (
    select "ID" as record_id, coalesce(confirm_date, finalised_date) as received,
        coalesce(finalised_date, confirm_date) as initiated
    from warehouse.records.transact
    where "ID" in (select initiating_id from half union all select responding_id from half)
)
select
    half.kind, half.initiating_table, half.initiating_id, half.from_store, half.to_store,
    half.number, half.status,
    case when half.outcome = 'created' and late.kind is not null then 'late_line'
        else half.outcome end as outcome,
    coalesce(
        case when half.initiating_table = 'transact' then own.initiated end,
        (half.initiated at time zone 'UTC' at time zone getvariable('timezone'))::date
    ) as initiated,
    case when half.received is not null then coalesce(
        case when half.responding_table = 'transact' then other.received end,
        (half.received at time zone 'UTC' at time zone getvariable('timezone'))::date
    ) end as received,
    coalesce(sum_sent.lines, 0) as lines, coalesce(sum_sent.quantity, 0) as quantity_sent,
    case when half.received is null then 0 else coalesce(sum_got.quantity, 0) end
        as quantity_received
from half
left join late on late.kind = half.kind and late.initiating_id = half.initiating_id
left join sum_sent
    on sum_sent.initiating_table = half.initiating_table
    and sum_sent.initiating_id = half.initiating_id
left join sum_got
    on sum_got.initiating_table = half.initiating_table
    and sum_got.initiating_id = half.initiating_id
left join dated as own on own.record_id = half.initiating_id
left join dated as other on other.record_id = half.responding_id
