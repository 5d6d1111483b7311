-- description: One row per suggestion: units of an item that a store with more than six months of stock, or without use, could give to one with less than three, one of the twelve stores nearest to it within 50 km (in its district where a place is not known). A store that runs short is given from one other, up to three months; who gives keeps six, and serves whoever has least first.
with used as (
    from use semi join item using (item_id) where quantity > 0
),
-- What expires within a month is not worth its way.
stock as (
    select
        store_id, item_id, sum(available_packs * pack_size) as available,
        sum(available_packs * pack_size) filter (is_fresh) as fresh,
        min(expiry_date) filter (is_fresh) as expiry_date,
        sum(available_packs * cost_price) filter (is_fresh)
            / nullif(sum(available_packs * pack_size) filter (is_fresh), 0) as cost_per_unit
    from (
        select
            *, available_packs > 0
                and coalesce(expiry_date > getvariable('day') + 30, true) as is_fresh
        from stock_line
    )
    semi join item using (item_id)
    group by all
),
-- Numbers are joined by faster than ids.
thing as (
    select item_id, row_number() over (order by item_id) as item_no from item
),
-- Squares of 50 km or more (up to 53 degrees of latitude): whoever is within 50 km stands in the
-- same one or in one beside it.
placed as (
    select
        store_id, row_number() over (order by store_id) as store_no, district, latitude,
        longitude, cos(radians(latitude)) as narrow,
        floor(latitude / 0.45)::integer as row, floor(longitude / 0.75)::integer as col
    from marts.store
    where not disabled
),
held as (
    select
        placed.store_no, thing.item_no, coalesce(used.amc, 0) as amc,
        coalesce(stock.available, 0) as available,
        least(stock.available - 6 * coalesce(used.amc, 0), coalesce(stock.fresh, 0)) as surplus,
        3 * used.amc - greatest(coalesce(stock.available, 0), 0) as shortage,
        stock.expiry_date, stock.cost_per_unit
    from stock
    full join used using (store_id, item_id)
    join placed using (store_id)
    join thing using (item_id)
),
giver as (
    select
        *, item_no * 10_000_000 + store_no as key,
        -- What expires first goes first, then the dearest.
        row_number() over (order by expiry_date nulls last, cost_per_unit desc nulls last, store_no)
            as turn
    from held
    where surplus >= 1
),
taker as (
    select store_no, item_no, shortage, available / amc as months from held where shortage > 0
),
square as (
    select row + up as row, col + aside as col, store_no, latitude, longitude, narrow
    from placed, (values (-1), (0), (1)) as v (up), (values (-1), (0), (1)) as h (aside)
),
near as (
    select one.store_no as taker_no, other.store_no as giver_no, 111.195 * sqrt(
        (one.latitude - other.latitude) ** 2
        + ((one.longitude - other.longitude) * (one.narrow + other.narrow) / 2) ** 2
    ) as distance
    from square as one
    join placed as other on other.row = one.row and other.col = one.col
    where one.store_no <> other.store_no
),
-- The twelve nearest; where a place is not known, all of the district.
within_reach as (
    from near
    where distance <= 50
    qualify row_number() over (partition by taker_no order by distance, giver_no) <= 12
    union all
    select one.store_no, other.store_no, null
    from placed as one
    join placed as other using (district)
    where one.store_no <> other.store_no and (one.row is null or other.row is null)
),
-- Of those as near, ten kilometres more or less, rather one that has enough.
chosen as (
    select
        taker.store_no as taker_no, taker.item_no, any_value(taker.shortage) as shortage,
        any_value(taker.months) as months,
        arg_min(giver.key, (
            coalesce(near.distance // 10, 9) * 2 + (giver.surplus < taker.shortage)::integer
        ) * 100_000_000 + giver.turn) as key
    from taker
    join within_reach as near on near.taker_no = taker.store_no
    join giver on giver.key = taker.item_no * 10_000_000 + near.giver_no
    group by taker.store_no, taker.item_no
),
served as (
    select
        chosen.taker_no, giver.store_no as giver_no, chosen.item_no, chosen.months,
        giver.expiry_date, giver.cost_per_unit,
        case when giver.amc > 0 then giver.available / giver.amc end as giver_months,
        floor(greatest(0, least(
            chosen.shortage,
            giver.surplus - coalesce(sum(chosen.shortage) over (
                partition by chosen.key order by chosen.months, chosen.taker_no
                rows between unbounded preceding and 1 preceding
            ), 0)
        ))) as quantity
    from chosen
    join giver using (key)
)
select
    item.item_code, item.item_name, sender.store_code as from_store,
    receiver.store_code as to_store, served.quantity,
    round(near.distance, 1) as distance_km, round(served.giver_months, 1) as from_months,
    round(served.months, 1) as to_months, served.expiry_date,
    round(served.quantity * served.cost_per_unit, 6) as value
from served
join thing using (item_no)
join item using (item_id)
join within_reach as near using (taker_no, giver_no)
join placed as giving on giving.store_no = served.giver_no
join placed as taking on taking.store_no = served.taker_no
join marts.store as sender on sender.store_id = giving.store_id
join marts.store as receiver on receiver.store_id = taking.store_id
where served.quantity >= 1 and (
        giving.store_id in (select store_id from store)
        or taking.store_id in (select store_id from store)
    )
order by item.item_code, from_store, served.months, to_store, served.taker_no
