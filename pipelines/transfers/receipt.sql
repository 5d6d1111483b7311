-- description: One row per goods received record that this cycle makes (rule T5).
-- load: working
-- key: table_name, record_id
-- given: decided
with told as (
    select half.*, from_json(change.data, '{"comment": "JSON"}') as was
    from decided as half
    join landing.change as change on change.cursor = half.version
    where half.is_new and half.kind = 'goods_received'
),
numbered as (
    select "store_ID" as store_id, max(serial_number)::bigint as last
    from records."Goods_received"
    where "store_ID" in (select to_store from told where to_site = getvariable('central'))
    group by all
)
select
    'Goods_received' as table_name, told.responding_id as record_id, 'update' as action,
    json_object(
        'ID', told.responding_id, 'store_ID', told.to_store, 'purchase_order_ID', told.order_id,
        'serial_number', next_number(
            told.to_site, numbered.last,
            row_number() over (partition by told.to_store order by told.cursor)
        ),
        'status', 'nw', 'comment', as_text(told.was.comment),
        'supplier_reference', 'From invoice number: ' || coalesce(told.number::varchar, ''),
        'user_id_created', '', 'entry_date', today(), 'donor_id', ''
    )::varchar as data
from told
left join numbered on numbered.store_id = told.to_store
