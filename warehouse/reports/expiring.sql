-- description: One row per batch in stock that expires within so many days, or has: what will be left of it at its expiry when batches are used first expired, first out, at the average monthly consumption (months of 365.25 ÷ 12 days).
with batch as not materialized (
    select
        stock_line.*, packs * pack_size as quantity,
        datediff('day', getvariable('day'), expiry_date) as days_to_expiry
    from stock_line
    semi join store using (store_key)
    semi join item using (item_key)
    -- What expires later is used later, so it changes nothing.
    where packs > 0 and expiry_date <= getvariable('day') + getvariable('within')
),
-- What can be used of it and of all that expire before, counted from the report's day.
usable as (
    select batch.*, coalesce(held.used / 3 / (365.25 / 12), 0) * days_to_expiry as usable
    from batch
    left join held using (store_key, item_key)
    where expiry_date > getvariable('day')
),
queued as (
    select *, sum(quantity) over queue as stock_until
    from usable
    window queue as (partition by store_key, item_key order by expiry_date, stock_line_id)
),
-- All that is used of the batches up to this one: no more than there is, and of those up to any
-- earlier one no more than can be used before that one expires.
used as (
    select
        *, stock_until + least(0, min(usable - stock_until) over (
            partition by store_key, item_key order by expiry_date, stock_line_id
        )) as used_until
    from queued
),
left_over as (
    select
        * exclude (usable, stock_until, used_until),
        quantity - (used_until - lag(used_until, 1, 0) over (
            partition by store_key, item_key order by expiry_date, stock_line_id
        )) as expected_to_expire
    from used
    union all by name
    -- Of what has expired nothing is used.
    select *, quantity as expected_to_expire
    from batch
    where expiry_date <= getvariable('day')
)
select
    store.store_code, item.item_code, told.batch, told.expiry_date, location.location,
    told.pack_size, round(told.packs, 6) as packs, round(told.quantity, 6) as quantity,
    round(told.cost_price / told.pack_size, 6) as cost_per_unit,
    round(told.packs * told.cost_price, 6) as value, told.days_to_expiry,
    round(told.expected_to_expire, 6) as expected_to_expire
from left_over as told
join store using (store_key)
join item using (item_key)
left join marts.location as location using (location_id)
order by told.expiry_date, store.store_code, item.item_code, told.batch, told.stock_line_id
