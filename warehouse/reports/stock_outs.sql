-- description: One row per store, item and spell without stock, from the first day that ends without to the day before one that ends with; a spell that lasts on the report's day has no end.
with spell as (
    select
        store_id, item_id, first_day,
        case when next_day <= getvariable('day') then next_day end as next_day
    from marts.stock_out
    where first_day <= getvariable('day')
)
select
    store.store_code, item.item_code, spell.first_day as "from", spell.next_day - 1 as "to",
    datediff('day', spell.first_day, coalesce(spell.next_day, getvariable('day') + 1)) as days
from spell
join store using (store_id)
join item using (item_id)
where spell.first_day <= getvariable('to')
    and coalesce(spell.next_day - 1, getvariable('to')) >= getvariable('from')
order by store.store_code, item.item_code, spell.first_day, spell.store_id, spell.item_id
