-- description: One row per day, store and item with a movement, in units; issued is what customer invoices took, transferred the part of it that went to other stores.
-- load: replace
-- scope: touched_stock_after(store_id, item_id)
-- key: day, store_id, item_id
-- given: touched_stock_after
select
    day, store_id, item_id,
    coalesce(sum(quantity) filter (kind = 'received'), 0) as received,
    coalesce(-sum(quantity) filter (kind = 'issued'), 0) as issued,
    coalesce(sum(quantity) filter (kind = 'adjusted'), 0) as adjusted,
    coalesce(-sum(quantity) filter (kind = 'issued' and is_transfer), 0) as transferred
from marts.movement
semi join touched_stock_after using (store_id, item_id)
group by day, store_id, item_id
