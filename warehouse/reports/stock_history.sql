-- description: One row per month, store and item, from the first movement to the last month with any movement in the system: opening + received − issued + adjusted = closing.
with moved as (
    select
        date_trunc('month', day)::date as month, store_id, item_id, sum(received) as received,
        sum(issued) as issued, sum(adjusted) as adjusted
    from marts.ledger
    semi join store using (store_id)
    semi join item using (item_id)
    where day <= getvariable('as_of')
    group by all
),
last as (
    select date_trunc('month', max(day))::date as month
    from marts.ledger where day <= getvariable('as_of')
),
span as (
    select
        store_id, item_id,
        unnest(generate_series(min(moved.month), any_value(last.month), interval 1 month))::date
            as month
    from moved cross join last
    group by store_id, item_id
),
filled as (
    select
        span.month, span.store_id, span.item_id, coalesce(moved.received, 0) as received,
        coalesce(moved.issued, 0) as issued, coalesce(moved.adjusted, 0) as adjusted
    from span
    left join moved
        on moved.store_id = span.store_id and moved.item_id = span.item_id
        and moved.month = span.month
),
carried as (
    select
        *,
        sum(received - issued + adjusted) over (
            partition by store_id, item_id order by month
        ) as closing
    from filled
)
select
    strftime(carried.month, '%Y-%m') as month, store.store_code, item.item_code,
    round(carried.closing - carried.received + carried.issued - carried.adjusted, 6) as opening,
    round(carried.received, 6) as received, round(carried.issued, 6) as issued,
    round(carried.adjusted, 6) as adjusted, round(carried.closing, 6) as closing
from carried
join store using (store_id)
join item using (item_id)
where carried.month >= date_trunc('month', getvariable('from'))
    and carried.month <= getvariable('to')
order by carried.month, store.store_code, item.item_code, carried.store_id, carried.item_id
