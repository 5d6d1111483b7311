-- description: One row per line of a requisition, a purchase order or goods received, in units: what was ordered, what it says was supplied.
-- load: replace
-- scope: touched_paper(paper_id)
-- key: kind, line_id
-- given: touched_paper
select
    'requisition' as kind, "ID" as line_id, "requisition_ID" as paper_id, "item_ID" as item_id,
    coalesce("Cust_stock_order", 0) as ordered, coalesce("actualQuan", 0) as supplied,
    null as answers
from warehouse.records.requisition_line
where "requisition_ID" in (select paper_id from touched_paper)
union all
select
    'purchase_order', "ID", "purchase_order_ID", "item_ID",
    coalesce(nullif(quan_adjusted_order, 0), quan_original_order, 0),
    coalesce(try_cast(quan_rec_to_date as double), 0)
        * coalesce(nullif(packsize_ordered, 0), 1),
    null
from warehouse.records.purchase_order_line
where "purchase_order_ID" in (select paper_id from touched_paper)
union all
select
    'goods_received', "ID", "goods_received_ID", "item_ID", 0,
    coalesce(quantity_received, 0) * coalesce(nullif(pack_received, 0), 1),
    nullif("order_line_ID", '')
from warehouse.records."Goods_received_line"
where "goods_received_ID" in (select paper_id from touched_paper)
