-- description: One row per store and item whose stock or use changes: by a stock line, by a movement, or by a day that has passed and moves the 91 days.
-- load: working
select store_id, item_id from touched_stock_after
union
select store_id, item_id from touched_held_before
union
select store_id, item_id
from marts.stock_line
where cycle = getvariable('cycle')
union
-- What comes into the 91 days, or out of them where the clock was set back.
select store_id, item_id
from marts.ledger
where issued <> 0 and day > getvariable('earlier') and day <= getvariable('later')
union
-- What goes out of them, or comes back.
select store_id, item_id
from marts.ledger
where issued <> 0 and day > getvariable('earlier') - 91 and day <= getvariable('later') - 91
