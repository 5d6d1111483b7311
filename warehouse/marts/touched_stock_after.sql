-- description: One row per store and item whose ledger is made again: moved before, or moved now.
-- load: working
select store_id, item_id from touched_stock
union
select store_id, item_id from marts.movement where cycle = getvariable('cycle')
