-- description: One row per supplier invoice or customer credit that this cycle makes (rules T1, T2).
-- load: working
-- key: table_name, record_id
-- given: decided
with told as (
    select
        half.*,
        from_json(change.data, '{
            "comment": "JSON", "currency_ID": "JSON", "currency_rate": "JSON", "tax_rate": "JSON",
            "programID": "JSON"
        }') as was
    from decided as half
    join landing.change as change on change.cursor = half.version
    where half.is_new and half.kind in ('stock', 'returns')
),
amount as (
    select responding_id, round(sum(amount), 6) as total from invoice_line group by all
),
-- The request that the customer invoice's requisition answers, or is.
asked as (
    select
        told.responding_id,
        coalesce(
            any_value(answered.initiating_id), any_value(nullif(named."linked_requisition_id", '')),
            any_value(case when lower(named."type") = 'request' then named."ID" end)
        ) as request_id
    from told
    left join transfers.transfer as answered
        on answered.responding_table = 'requisition'
        and answered.responding_id = told.requisition_id
    left join records.requisition as named on named."ID" = told.requisition_id
    where told.kind = 'stock' and told.requisition_id is not null
    group by all
),
numbered as (
    select "store_ID" as store_id, max(invoice_num)::bigint as last
    from records.transact
    where "store_ID" in (select to_store from told where to_site = getvariable('central'))
    group by all
),
-- A store's invoices share their numbers: those for orders that this cycle makes come first.
ordered as (
    select to_store, count(*) as invoices
    from decided
    where is_new and kind = 'purchase_order'
    group by all
)
select
    'transact' as table_name, told.responding_id as record_id, 'update' as action,
    json_object(
        'ID', told.responding_id, 'name_ID', told.from_name, 'store_ID', told.to_store,
        'invoice_num', next_number(
            told.to_site, numbered.last, coalesce(ordered.invoices, 0)
                + row_number() over (partition by told.to_store order by told.cursor)
        ),
        'type', case told.kind when 'stock' then 'si' else 'cc' end,
        'status', 'nw', 'mode', 'store', 'hold', true, 'user_ID', '',
        'comment', as_text(told.was.comment),
        'their_ref', 'From invoice number: ' || coalesce(told.number::varchar, ''),
        'prescriber_ID', '', 'currency_ID', as_text(told.was.currency_ID),
        'currency_rate', as_number(told.was.currency_rate, 1), 'goods_received_ID', '',
        'original_PO_ID', '', 'requisition_ID', coalesce(asked.request_id, ''),
        'linked_transaction_id', told.record_id, 'nameInsuranceJoinID', '',
        'donor_default_id', '', 'insuranceDiscountAmount', 0, 'insuranceDiscountRate', 0,
        'entry_date', today(), 'entry_time', time_of_day(), 'confirm_date', '0000-00-00',
        'confirm_time', 0, 'finalised_date', '0000-00-00', 'finalised_time', 0,
        'ship_date', '0000-00-00', 'tax_rate', as_number(told.was.tax_rate, 0),
        'total', whole(coalesce(amount.total, 0)), 'subtotal', whole(coalesce(amount.total, 0)),
        'category_ID', '', 'optionID', '', 'programID', as_text(told.was.programID),
        'diagnosis_ID', ''
    )::varchar as data
from told
left join amount on amount.responding_id = told.responding_id
left join asked on asked.responding_id = told.responding_id
left join numbered on numbered.store_id = told.to_store
left join ordered on ordered.to_store = told.to_store
