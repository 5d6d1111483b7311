-- description: One row per requisition, purchase order, goods received or invoice that changed, or whose lines did, since the marts were last made.
-- load: working
with changed as (
    select table_name, record_id, parent_id
    from warehouse.collector.record
    where cycle > getvariable('since') and table_name in (
        'requisition', 'requisition_line', 'purchase_order', 'purchase_order_line',
        'Goods_received', 'Goods_received_line'
    )
),
-- What was merged away since stands for something else now, history included (rule G4).
merged as (
    from warehouse.collector.merged where cycle > getvariable('since')
)
select record_id as paper_id from changed where not ends_with(table_name, '_line')
union
select parent_id from changed where ends_with(table_name, '_line') and parent_id is not null
union
select paper_id from marts.order_line where line_id in (
    select record_id from changed where ends_with(table_name, '_line')
)
union
select paper_id from marts.order_line
where item_id in (select record_id from merged where table_name = 'item')
union
select paper_id from marts.order_paper
where name_id in (select record_id from merged where table_name = 'name')
union
select transaction_id from touched_transaction
