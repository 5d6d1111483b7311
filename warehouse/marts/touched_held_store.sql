-- description: One row per store, by its key, of which an item's stock or use is worked out again, or which has an item that came, changed or went.
-- load: working
with touched_item as (
    select key.key as item_key
    from warehouse.collector.record as record
    join marts.key as key on key.id = record.record_id
    where record.cycle > getvariable('since') and record.table_name = 'item'
)
select store_key from touched_held
union
select held.store_key
from marts.held as held
where held.item_key in (from touched_item)
