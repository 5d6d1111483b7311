-- description: One row per store, item and spell without stock: its first day that ended without, and the next that ended with stock, if any; only where there was stock before.
-- load: replace
-- scope: touched_stock_after(store_id, item_id)
-- key: store_id, item_id, first_day
-- given: touched_stock_after
with shown as (
    -- A number for a store and item is sorted by faster than their ids.
    select store_id, item_id, row_number() over () as pair from touched_stock_after
),
closed as (
    select
        shown.pair, ledger.day,
        round(sum(ledger.received - ledger.issued + ledger.adjusted) over (
            partition by shown.pair order by ledger.day
        ), 6) > 0 as in_stock
    from marts.ledger as ledger
    join shown using (store_id, item_id)
),
-- Days on which it turned, the first one of each with stock: what came before is no spell.
turned as (
    select
        pair, day, in_stock, lead(day) over (partition by pair order by day) as next_day
    from (
        select *, lag(in_stock) over (partition by pair order by day) as before from closed
    )
    where in_stock is distinct from before and (in_stock or before is not null)
)
select shown.store_id, shown.item_id, turned.day as first_day, turned.next_day
from turned
join shown using (pair)
where not turned.in_stock
