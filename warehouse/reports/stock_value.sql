-- description: One row per store and one, TOTAL, for all that are shown: the value of stock, packs × cost price, in the home currency.
with valued as (
    select held.store_key, sum(held.value) as value
    from held
    semi join item using (item_key)
    group by all
),
by_store as (
    select store.store_code, store.store_name, store.store_id, coalesce(valued.value, 0) as value
    from store
    left join valued using (store_key)
)
select store_code, store_name, round(value, 6) as value
from (
    select store_code, store_name, store_id, value, 0 as place from by_store
    union all
    select 'TOTAL', '', '', coalesce(sum(value), 0), 1 from by_store
)
order by place, store_code, store_id
