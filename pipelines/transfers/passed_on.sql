-- description: One row per customer invoice that this cycle makes for an order in the name of a third store, which the ordering store's became by a merge, and whose site makes its own halves: it is sent the invoice in every status.
-- load: working
-- key: initiating_table, initiating_id
-- given: decided
-- given: order_invoice
select
    'stock' as kind, 'transact' as initiating_table, invoice.record_id as initiating_id,
    'transact' as responding_table, ordered.to_store as from_store,
    partner.store_id as to_store, ordered.to_site as from_site, partner.site as to_site,
    case when partner.is_disabled then 'store_disabled' else 'site_makes' end as outcome,
    json_extract_string(invoice.data, '$.invoice_num')::bigint as number,
    json_extract_string(invoice.data, '$.status') as status
from order_invoice as invoice
join decided as ordered on ordered.responding_id = invoice.record_id and ordered.is_new
join partner as partner on partner.name_id = json_extract_string(invoice.data, '$.name_ID')
where partner.makes_own and partner.store_id <> ordered.from_store
    and partner.site <> ordered.to_site
