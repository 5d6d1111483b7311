-- description: One row per paper of an order: a requisition that asks or answers, a purchase order, goods received for one, an invoice that names either.
-- load: replace
-- scope: touched_paper(paper_id)
-- key: kind, paper_id
-- assert: kind in ('request', 'response', 'purchase_order', 'goods_received', 'customer_invoice', 'supplier_invoice')
-- given: touched_paper
select
    lower("type") as kind, "ID" as paper_id, "store_ID" as store_id, "name_ID" as name_id,
    serial_number::bigint as number, lower("status") as status, date_entered as day,
    case when lower("type") = 'response' then nullif(linked_requisition_id, '') end as answers
from warehouse.records.requisition
where "ID" in (select paper_id from touched_paper) and lower("type") in ('request', 'response')
union all
select
    'purchase_order', "ID", "store_ID", "name_ID", serial_number::bigint, lower("status"),
    confirm_date, null
from warehouse.records.purchase_order
where "ID" in (select paper_id from touched_paper)
union all
select
    'goods_received', "ID", "store_ID", null, serial_number::bigint, lower("status"), entry_date,
    nullif("purchase_order_ID", '')
from warehouse.records."Goods_received"
where "ID" in (select paper_id from touched_paper)
union all
select
    case lower("type") when 'ci' then 'customer_invoice' else 'supplier_invoice' end,
    "ID", "store_ID", "name_ID", invoice_num::bigint, lower("status"),
    coalesce(confirm_date, finalised_date),
    coalesce(nullif("original_PO_ID", ''), nullif("requisition_ID", ''))
from warehouse.records.transact
where coalesce(nullif("original_PO_ID", ''), nullif("requisition_ID", '')) is not null
    and lower("type") in ('ci', 'si')
    and "ID" in (select paper_id from touched_paper)
