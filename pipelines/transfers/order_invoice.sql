-- description: One row per customer invoice that this cycle makes for a purchase order (rule T4).
-- load: working
-- key: table_name, record_id
-- given: decided
with told as (
    select
        half.*,
        from_json(change.data, '{
            "comment": "JSON", "currency_ID": "JSON", "curr_rate": "JSON"
        }') as was
    from decided as half
    join landing.change as change on change.cursor = half.version
    where half.is_new and half.kind = 'purchase_order'
),
amount as (
    select responding_id, round(sum(amount), 6) as total from order_invoice_line group by all
),
numbered as (
    select "store_ID" as store_id, max(invoice_num)::bigint as last
    from records.transact
    where "store_ID" in (select to_store from told where to_site = getvariable('central'))
    group by all
)
select
    'transact' as table_name, told.responding_id as record_id, 'update' as action,
    json_object(
        'ID', told.responding_id, 'name_ID', told.from_name, 'store_ID', told.to_store,
        'invoice_num', next_number(
            told.to_site, numbered.last,
            row_number() over (partition by told.to_store order by told.cursor)
        ),
        'type', 'ci', 'status', 'nw', 'mode', 'store', 'hold', false, 'user_ID', '',
        'comment', as_text(told.was.comment),
        'their_ref', 'From purchase order ' || coalesce(told.number::varchar, ''),
        'prescriber_ID', '', 'currency_ID', as_text(told.was.currency_ID),
        'currency_rate', as_number(told.was.curr_rate, 1), 'goods_received_ID', '',
        'original_PO_ID', told.record_id, 'requisition_ID', '', 'linked_transaction_id', '',
        'nameInsuranceJoinID', '', 'donor_default_id', '', 'insuranceDiscountAmount', 0,
        'insuranceDiscountRate', 0, 'entry_date', today(), 'entry_time', time_of_day(),
        'confirm_date', '0000-00-00', 'confirm_time', 0, 'finalised_date', '0000-00-00',
        'finalised_time', 0, 'ship_date', '0000-00-00', 'tax_rate', 0,
        'total', whole(coalesce(amount.total, 0)), 'subtotal', whole(coalesce(amount.total, 0)),
        'category_ID', '', 'optionID', '', 'programID', '', 'diagnosis_ID', ''
    )::varchar as data
from told
left join amount on amount.responding_id = told.responding_id
left join numbered on numbered.store_id = told.to_store
