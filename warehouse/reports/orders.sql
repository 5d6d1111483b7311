-- description: One row per line of a requisition that was sent or a purchase order that was confirmed: units ordered and supplied, and the days until it was.
with placed as (
    select
        paper.*, response.paper_id is not null as is_answered,
        coalesce(transfer.initiated, paper.day) as ordered_on, transfer.received as answered_on,
        response.is_done or (paper.kind = 'purchase_order' and paper.status = 'fn') as is_done
    from marts.order_paper as paper
    left join marts.transfer as transfer
        on transfer.initiating_id = paper.paper_id and transfer.kind = case paper.kind
            when 'request' then 'requisition' else 'purchase_order' end
    left join (
        select answers, min(paper_id) as paper_id, bool_or(status = 'fn') as is_done
        from marts.order_paper where kind = 'response' group by answers
    ) as response on paper.kind = 'request' and response.answers = paper.paper_id
    where paper.kind in ('request', 'purchase_order') and paper.status in ('cn', 'fn')
),
-- What answers an order; an invoice may name the response instead of the request.
answer as (
    select paper.*, placed.paper_id as order_id
    from marts.order_paper as paper
    left join marts.order_paper as through
        on through.kind = 'response' and through.paper_id = paper.answers
    join placed on placed.paper_id = coalesce(through.answers, paper.answers)
),
-- Goods received are what came; else the supplier's invoices, else the store's own; else what the
-- response, once it is finalised, or the order itself says.
came as (
    select
        answer.order_id, 1 as place, line.answers as line_id, line.item_id, line.supplied as units
    from answer
    join marts.order_line as line
        on line.kind = 'goods_received' and line.paper_id = answer.paper_id
    where answer.kind = 'goods_received'
    union all
    select
        answer.order_id, case answer.kind when 'customer_invoice' then 2 else 3 end, null,
        movement.item_id,
        case answer.kind when 'customer_invoice' then -movement.quantity else movement.quantity end
    from answer
    join marts.movement as movement on movement.transaction_id = answer.paper_id
    where answer.kind in ('customer_invoice', 'supplier_invoice')
    union all
    select answer.order_id, 4, null, line.item_id, line.supplied
    from answer
    join marts.order_line as line on line.kind = 'requisition' and line.paper_id = answer.paper_id
    where answer.kind = 'response' and answer.status = 'fn'
    union all
    select placed.paper_id, 5, line.line_id, line.item_id, line.supplied
    from placed
    join marts.order_line as line
        on line.kind in ('requisition', 'purchase_order') and line.paper_id = placed.paper_id
    where not placed.is_answered
),
told as (
    from came qualify place = min(place) over (partition by order_id)
),
delivered as (
    select order_id, max(day) as day
    from answer where kind <> 'response' and (kind <> 'goods_received' or status = 'fn')
    group by order_id
),
-- Goods received between two sites: open until all of them are finalised.
receipt as (
    select
        answer.order_id,
        case when bool_and(transfer.received is not null) then max(transfer.received) end as day
    from answer
    join marts.transfer as transfer
        on transfer.kind = 'goods_received' and transfer.initiating_id = answer.paper_id
    group by answer.order_id
),
line as (
    select
        line.line_id, line.paper_id as order_id, line.item_id, line.ordered,
        coalesce(by_line.units, 0) as by_line, coalesce(by_item.units, 0) as by_item,
        sum(line.ordered) over ahead - line.ordered as before,
        row_number() over ahead = count(*) over (partition by line.paper_id, line.item_id)
            as is_last
    from marts.order_line as line
    semi join placed on placed.paper_id = line.paper_id
    left join (
        select order_id, line_id, sum(units) as units from told group by all
    ) as by_line on by_line.order_id = line.paper_id and by_line.line_id = line.line_id
    left join (
        select told.order_id, told.item_id, sum(told.units) as units
        from told
        where told.line_id is null or told.line_id not in (
            select line_id from marts.order_line where kind <> 'goods_received'
        )
        group by all
    ) as by_item on by_item.order_id = line.paper_id and by_item.item_id = line.item_id
    where line.kind in ('requisition', 'purchase_order')
    window ahead as (partition by line.paper_id, line.item_id order by line.line_id)
),
-- What is told of an item only fills its lines one after the other; the last takes the rest.
filled as (
    select
        *, by_line + case
            when is_last then greatest(by_item - before, least(by_item, 0))
            else greatest(least(by_item - before, ordered), 0)
        end as supplied
    from line
),
dated as (
    select
        filled.*, placed.number, placed.store_id, placed.name_id, placed.ordered_on,
        case
            when placed.kind = 'request' and placed.answered_on is not null
                then placed.answered_on
            when receipt.order_id is not null then receipt.day
            when placed.is_done or filled.supplied >= filled.ordered then delivered.day
        end as supplied_on
    from filled
    join placed on placed.paper_id = filled.order_id
    left join delivered on delivered.order_id = filled.order_id
    left join receipt on receipt.order_id = filled.order_id
)
select
    dated.number as order_number, store.store_code, coalesce(supplier.supplier, '') as supplier,
    item.item_code, round(dated.ordered, 6) as ordered, round(dated.supplied, 6) as supplied,
    case when dated.ordered > 0
        then round(greatest(least(dated.supplied / dated.ordered, 1), 0), 6) end as fill_rate,
    datediff('day', dated.ordered_on, dated.supplied_on) as days
from dated
join store using (store_id)
join item using (item_id)
left join marts.supplier as supplier using (name_id)
where (dated.ordered <> 0 or dated.supplied <> 0)
    and coalesce(dated.ordered_on, getvariable('from'))
        between getvariable('from') and getvariable('to')
    and coalesce(dated.ordered_on, getvariable('as_of')) <= getvariable('as_of')
order by dated.ordered_on, store.store_code, order_number, item.item_code, dated.line_id
