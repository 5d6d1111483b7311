-- description: One row per store and one, TOTAL, for all that are shown: the value of stock, packs × cost price, in the home currency.
with valued as (
    select store_id, sum(packs * cost_price) as value
    from stock_line
    join item using (item_id)
    group by all
),
by_store as (
    select store.store_code, store.store_name, store.store_id, coalesce(valued.value, 0) as value
    from store
    left join valued using (store_id)
)
select store_code, store_name, round(value, 6) as value
from (
    select store_code, store_name, store_id, value, 0 as place from by_store
    union all
    select 'TOTAL', '', '', coalesce(sum(value), 0), 1 from by_store
)
order by place, store_code, store_id
