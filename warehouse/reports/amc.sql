-- description: One row per store and item with use in the 91 days up to the report's day: average monthly consumption, and the same of the days with stock only.
with out as (
    select
        store_id, item_id,
        sum(datediff(
            'day', greatest(first_day, getvariable('day') - 90),
            least(coalesce(next_day, getvariable('day') + 1), getvariable('day') + 1)
        )) as days
    from marts.stock_out
    where first_day <= getvariable('day')
        and coalesce(next_day > getvariable('day') - 90, true)
    group by all
)
select
    store.store_code, item.item_code, round(held.used, 6) as quantity,
    round(held.used / 3, 6) as amc, coalesce(out.days, 0)::bigint as days_out_of_stock,
    case when coalesce(out.days, 0) < 91
        then round(held.used / 3 * 91 / (91 - coalesce(out.days, 0)), 6) end as amc_adjusted
from held
join store using (store_key)
join item using (item_key)
left join out using (store_id, item_id)
where round(held.used, 6) > 0
order by store.store_code, item.item_code, store.store_id, item.item_id
