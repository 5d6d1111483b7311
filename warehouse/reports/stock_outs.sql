-- description: One row per store, item and spell without stock, from the first day that ends without to the day before one that ends with; only where there was stock before.
with closed as (
    select
        store_id, item_id, day,
        round(sum(received - issued + adjusted) over (
            partition by store_id, item_id order by day
        ), 6) > 0 as in_stock
    from marts.ledger
    semi join store using (store_id)
    semi join item using (item_id)
    where day <= getvariable('day')
),
-- Days on which it turned, the first ones of each pair with stock: what came before is no spell.
turned as (
    select
        store_id, item_id, day, in_stock,
        lead(day) over (partition by store_id, item_id order by day) as next_day
    from (
        select
            *, lag(in_stock) over (partition by store_id, item_id order by day) as before
        from closed
    )
    where in_stock is distinct from before and (in_stock or before is not null)
)
select
    store.store_code, item.item_code, turned.day as "from", turned.next_day - 1 as "to",
    datediff('day', turned.day, coalesce(turned.next_day, getvariable('day') + 1)) as days
from turned
join store using (store_id)
join item using (item_id)
where not turned.in_stock
    and turned.day <= getvariable('to')
    and coalesce(turned.next_day - 1, getvariable('to')) >= getvariable('from')
order by store.store_code, item.item_code, turned.day, turned.store_id, turned.item_id
