-- description: One row per line of a response requisition that this cycle makes (rule T3).
-- load: working
-- key: table_name, record_id
-- given: line_due
with told as (
    select
        due.*, line."item_ID" as item_id,
        from_json(change.data, '{
            "itemName": "JSON", "Cust_stock_order": "JSON", "suggested_quantity": "JSON",
            "stock_on_hand": "JSON", "daily_usage": "JSON", "comment": "JSON"
        }') as was
    from line_due as due
    join records.requisition_line as line on line."ID" = due.initiating_line
    join landing.change as change on change.cursor = due.version
    where due.kind = 'requisition' and due.outcome = 'created'
)
select
    'requisition_line' as table_name, responding_line as record_id, 'update' as action,
    json_object(
        'ID', responding_line, 'requisition_ID', responding_id, 'item_ID', coalesce(item_id, ''),
        'itemName', as_text(was.itemName),
        'Cust_stock_order', as_number(was.Cust_stock_order, 0),
        'suggested_quantity', as_number(was.suggested_quantity, 0), 'actualQuan', 0,
        'stock_on_hand', as_number(was.stock_on_hand, 0),
        'daily_usage', as_number(was.daily_usage, 0), 'approved_quantity', 0,
        'authoriser_comment', '', 'comment', as_text(was.comment), 'Cust_prev_stock_balance', 0,
        'Cust_stock_received', 0, 'Cust_stock_issued', 0, 'Cust_loss_adjust', 0,
        'stockLosses', 0, 'stockAdditions', 0, 'stockExpiring', 0, 'days_out_or_new_demand', 0,
        'DOSforAMCadjustment', 0, 'optionID', ''
    )::varchar as data
from told
