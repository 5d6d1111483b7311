-- description: One row per stock line that changed since the marts were last made.
-- load: working
select record_id as stock_line_id
from warehouse.collector.record
where cycle > getvariable('since') and table_name = 'item_line'
union
select stock_line.stock_line_id
from marts.stock_line as stock_line
join warehouse.collector.merged as merged
    on merged.cycle > getvariable('since') and (
        (merged.table_name = 'item' and merged.record_id = stock_line.item_id)
        or (merged.table_name = 'Location' and merged.record_id = stock_line.location_id)
    )
