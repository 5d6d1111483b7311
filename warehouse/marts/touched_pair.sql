-- description: One row per store and item whose stock or use changes: by a stock line, by a movement, or by a day that has passed and moves the 91 days.
-- load: working
with moved as (
    select
        least(day, getvariable('today')) as earlier, greatest(day, getvariable('today')) as later
    from marts.published
)
select store_id, item_id from touched_stock_after
union
select store_id, item_id from touched_held_before
union
select store_id, item_id
from marts.stock_line
where stock_line_id in (select stock_line_id from touched_stock_line)
union
select ledger.store_id, ledger.item_id
from marts.ledger as ledger
join moved
    on (ledger.day > moved.earlier and ledger.day <= moved.later)
    or (ledger.day > moved.earlier - 91 and ledger.day <= moved.later - 91)
where ledger.issued <> 0
