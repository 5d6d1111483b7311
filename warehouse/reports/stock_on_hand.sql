-- description: One row per store and item with stock or use: quantity, value, average monthly consumption (91 days ÷ 3), months of stock, status.
select
    store.store_code, store.store_name, item.item_code, item.item_name,
    round(held.quantity, 6) as quantity, round(held.available, 6) as available,
    round(held.value, 6) as value, round(held.used / 3, 6) as amc, held.months_of_stock,
    held.status
from held
join store using (store_key)
join item using (item_key)
where held.status is not null
order by store.store_code, item.item_code, store.store_id, item.item_id
