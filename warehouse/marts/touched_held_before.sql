-- description: One row per stock line that changed since the marts were last made, and the store and item that it stood for in them.
-- load: working
-- given: touched_stock_line
select store_id, item_id
from marts.stock_line
where stock_line_id in (select stock_line_id from touched_stock_line)
