-- description: One row per stock line and day on which something new was known of it: what the hub had received of it by the end of that day.
-- load: replace
-- scope: touched_version(stock_line_id, known_on)
-- key: stock_line_id, known_on
-- given: touched_version
select
    stock_line_id, known_on, deleted, store_id, item_id, batch, expiry_date, location_id,
    pack_size, packs, available_packs, cost_price
from touched_version
