-- description: One row per stock movement: a stock_in or stock_out line of a confirmed or finalised transaction, dated by the confirm date, else the finalised date (interface, Reports); quantities in units.
-- load: replace
-- scope: known_transaction(transaction_id)
-- key: movement_id
-- assert: kind in ('received', 'issued', 'adjusted')
-- given: touched_transaction
with moved as (
    select
        transact.* replace (lower(transact."type") as "type"),
        coalesce(confirm_date, finalised_date) as day,
        coalesce(adjustment.kind is not null, false) as is_adjustment,
        coalesce(store.kind is not null, false) as is_transfer
    from warehouse.records.transact as transact
    left join marts.party as adjustment
        on adjustment.name_id = transact."name_ID" and adjustment.kind = 'adjustment'
    left join marts.party as store
        on store.name_id = transact."name_ID" and store.kind = 'store'
    where transact."ID" in (select transaction_id from touched_transaction)
        and lower(transact."status") in ('cn', 'fn')
        and lower(transact."type") in ('si', 'ci', 'sc', 'cc', 'sr', 'bu')
        and coalesce(confirm_date, finalised_date) is not null
        -- A cancelled transaction moves nothing, unless its reversal gives back what it took.
        and not (
            coalesce(transact.om_status, '') = 'CANCELLED'
            and not coalesce(transact.is_cancellation, false)
            and transact."ID" not in (select transaction_id from marts.reversed)
        )
),
line as (
    select
        line."ID" as movement_id, moved."ID" as transaction_id, moved."store_ID" as store_id,
        line."item_ID" as item_id, nullif(line."item_line_ID", '') as stock_line_id, moved.day,
        case
            when moved.is_adjustment or moved."type" in ('sc', 'cc', 'sr', 'bu') then 'adjusted'
            when moved."type" = 'si' then 'received'
            else 'issued'
        end as kind,
        moved.is_transfer, moved.invoice_num::bigint as number,
        -- A customer invoice's stock_in line, or a negative one, gives back (a reversal).
        case
            when moved."type" = 'ci' and line."type" = 'stock_in' then abs(line.quantity)
            when line."type" = 'stock_in' then line.quantity
            else -line.quantity
        end as packs,
        coalesce(nullif(line.pack_size, 0), 1) as pack_size,
        coalesce(line.cost_price, 0) as cost_price, line.batch, line.expiry_date
    from warehouse.records.trans_line as line
    join moved on moved."ID" = line."transaction_ID"
    where line."type" in ('stock_in', 'stock_out') and line.quantity <> 0
)
select
    movement_id, transaction_id, store_id, item_id, stock_line_id, day, kind, is_transfer, number,
    packs, pack_size, packs * pack_size as quantity, cost_price, batch, expiry_date,
    getvariable('cycle')::bigint as cycle
from line
