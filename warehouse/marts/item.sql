-- description: One row per item.
-- key: item_id
select
    item."ID" as item_id, coalesce(item.code, '') as item_code,
    coalesce(item.item_name, '') as item_name, unit.units as unit,
    category."Description" as category, key.key as item_key
from warehouse.records.item as item
left join warehouse.records.unit as unit on unit."ID" = item."unit_ID"
left join warehouse.records.item_category as category on category."ID" = item."category_ID"
left join marts.key as key on key.id = item."ID"
order by item_code, item_id
