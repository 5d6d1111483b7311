-- description: One row per suggestion: units of an item that a store with more than six months of stock, or without use, could give to one with less than three, one of the twelve stores nearest to it within 50 km (in its district where a place is not known). A store that runs short is given from one other, up to three months; who gives keeps six, and serves whoever has least first.
with use as (
    select store_id, item_id, sum(issued) / 3 as amc
    from marts.ledger
    semi join item using (item_id)
    where day > getvariable('day') - 91 and day <= getvariable('day')
    group by all
    having sum(issued) > 0
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
held as (
    select
        store_id, item_id, coalesce(use.amc, 0) as amc, coalesce(stock.available, 0) as available,
        least(stock.available - 6 * coalesce(use.amc, 0), coalesce(stock.fresh, 0)) as surplus,
        3 * use.amc - greatest(coalesce(stock.available, 0), 0) as shortage,
        stock.expiry_date, stock.cost_per_unit
    from stock
    full join use using (store_id, item_id)
    semi join (from marts.store where not disabled) as store using (store_id)
),
giver as (
    from held where surplus >= 1
),
taker as (
    from held where shortage > 0
),
-- Squares of 50 km or more (up to 53 degrees of latitude): whoever is within 50 km stands in the
-- same one or in one beside it.
placed as (
    select
        store_id, district, latitude, longitude, cos(radians(latitude)) as narrow,
        floor(latitude / 0.45)::integer as row, floor(longitude / 0.75)::integer as col
    from marts.store
    where not disabled
),
square as (
    select row + up as row, col + aside as col, store_id, latitude, longitude, narrow
    from placed, (values (-1), (0), (1)) as v (up), (values (-1), (0), (1)) as h (aside)
),
near as (
    select one.store_id as taker_id, other.store_id as giver_id, 111.195 * sqrt(
        (one.latitude - other.latitude) ** 2
        + ((one.longitude - other.longitude) * (one.narrow + other.narrow) / 2) ** 2
    ) as distance
    from square as one
    join placed as other on other.row = one.row and other.col = one.col
    where one.store_id <> other.store_id
),
-- The twelve nearest; where a place is not known, all of the district.
within_reach as (
    from near
    where distance <= 50
    qualify row_number() over (partition by taker_id order by distance, giver_id) <= 12
    union all
    select one.store_id, other.store_id, null
    from placed as one
    join placed as other using (district)
    where one.store_id <> other.store_id and (one.row is null or other.row is null)
),
-- Of those near, ten kilometres more or less, rather one that has enough, then the stock that
-- expires first, then the dearest.
chosen as (
    select
        taker.store_id as taker_id, taker.item_id, any_value(taker.shortage) as shortage,
        any_value(taker.available / taker.amc) as months,
        arg_min(
            struct_pack(store_id := giver.store_id, distance := near.distance),
            struct_pack(
                band := coalesce(near.distance // 10, 9),
                short := giver.surplus < taker.shortage,
                expires := coalesce(giver.expiry_date, date '9999-12-31'),
                cheap := -coalesce(giver.cost_per_unit, 0),
                distance := coalesce(near.distance, 0), store_id := giver.store_id
            )
        ) as best
    from taker
    join within_reach as near on near.taker_id = taker.store_id
    join giver on giver.store_id = near.giver_id and giver.item_id = taker.item_id
    group by taker.store_id, taker.item_id
),
served as (
    select
        chosen.*, giver.store_id as giver_id, giver.expiry_date, giver.cost_per_unit,
        case when giver.amc > 0 then giver.available / giver.amc end as giver_months,
        floor(greatest(0, least(
            chosen.shortage,
            giver.surplus - coalesce(sum(chosen.shortage) over (
                partition by giver.store_id, giver.item_id
                order by chosen.months, chosen.best.distance, chosen.taker_id
                rows between unbounded preceding and 1 preceding
            ), 0)
        ))) as quantity
    from chosen
    join giver on giver.store_id = chosen.best.store_id and giver.item_id = chosen.item_id
)
select
    item.item_code, item.item_name, sender.store_code as from_store,
    receiver.store_code as to_store, served.quantity,
    round(served.best.distance, 1) as distance_km, round(served.giver_months, 1) as from_months,
    round(served.months, 1) as to_months, served.expiry_date,
    round(served.quantity * served.cost_per_unit, 6) as value
from served
join item using (item_id)
join marts.store as sender on sender.store_id = served.giver_id
join marts.store as receiver on receiver.store_id = served.taker_id
where served.quantity >= 1 and (
        served.giver_id in (select store_id from store)
        or served.taker_id in (select store_id from store)
    )
order by item.item_code, from_store, served.months, to_store, served.taker_id
