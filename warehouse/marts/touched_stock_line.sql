-- description: One row per stock line that changed since the marts were last made.
-- load: working
select record_id as stock_line_id
from warehouse.collector.record
where cycle > getvariable('since') and table_name = 'item_line'
