-- description: One row per store and item with stock or use: quantity, value, average monthly consumption (91 days ÷ 3), months of stock, status.
with used as (
    from use where quantity > 0
),
stock as (
    select
        store_id, item_id, sum(packs * pack_size) as quantity,
        sum(available_packs * pack_size) as available, sum(packs * cost_price) as value
    from stock_line
    group by all
),
held as (
    select
        coalesce(stock.store_id, used.store_id) as store_id,
        coalesce(stock.item_id, used.item_id) as item_id,
        coalesce(stock.quantity, 0) as quantity, coalesce(stock.available, 0) as available,
        coalesce(stock.value, 0) as value, coalesce(used.amc, 0) as amc
    from stock
    full join used on used.store_id = stock.store_id and used.item_id = stock.item_id
    where stock.quantity <> 0 or stock.available <> 0 or used.amc > 0
),
told as (
    select *, case when amc > 0 then round(available / amc, 1) end as months from held
)
select
    store.store_code, store.store_name, item.item_code, item.item_name,
    round(told.quantity, 6) as quantity, round(told.available, 6) as available,
    round(told.value, 6) as value, round(told.amc, 6) as amc, told.months as months_of_stock,
    case
        when told.quantity <= 0 and told.amc > 0 then 'out'
        when told.amc = 0 then 'no_use'
        when told.months < 3 then 'low'
        when told.months > 6 then 'over'
        else 'well'
    end as status
from told
join store using (store_id)
join item using (item_id)
order by store.store_code, item.item_code, told.store_id, told.item_id
