-- description: One row per store and item with stock, or use in 91 days, by their keys: units on hand and available, value in the home currency, units used, months of stock (available ÷ a third of what is used), status; none where there is but a value, of packs that cancel out.
-- load: replace
-- scope: touched_held(store_key, item_key)
-- key: store_key, item_key
-- assert: status is null or status in ('out', 'low', 'well', 'over', 'no_use')
-- given: touched_held
with stock as (
    select
        store_key, item_key, sum(packs * pack_size) as quantity,
        sum(available_packs * pack_size) as available, sum(packs * cost_price) as value
    from held_line
    group by all
),
used as (
    from held_use where quantity > 0
),
told as (
    select
        store_key, item_key, coalesce(stock.quantity, 0) as quantity,
        coalesce(stock.available, 0) as available, coalesce(stock.value, 0) as value,
        coalesce(used.quantity, 0) as used
    from stock
    full join used using (store_key, item_key)
),
counted as (
    select *, case when used > 0 then round(available / (used / 3), 1) end as months_of_stock
    from told
    where quantity <> 0 or available <> 0 or value <> 0 or used > 0
)
select
    *, case
        when quantity = 0 and available = 0 and used = 0 then null
        when quantity <= 0 and used > 0 then 'out'
        when used = 0 then 'no_use'
        when months_of_stock < 3 then 'low'
        when months_of_stock > 6 then 'over'
        else 'well'
    end as status
from counted
