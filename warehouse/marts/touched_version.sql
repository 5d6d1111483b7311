-- description: One row per stock line and day on which something new was known of it, since the marts were last made; and those whose item or location was merged since (rule G4).
-- load: working
with accepted as (
    select
        change.record_id as stock_line_id, change.cursor, change.action = 'delete' as deleted,
        (change.received_at at time zone 'UTC' at time zone getvariable('timezone'))::date
            as known_on,
        case when change.action <> 'delete' then change.data end as data
    from warehouse.landing.change as change
    join warehouse.collector.verdict as verdict using (cursor)
    where verdict.cycle > getvariable('since') and verdict.outcome = 'accepted'
        and change.table_name = 'item_line' and change.cursor >= getvariable('first')
    qualify row_number() over (
        partition by change.record_id, known_on order by change.cursor desc
    ) = 1
),
told as (
    select
        *, from_json(data, '{
            "store_ID": "VARCHAR", "item_ID": "VARCHAR", "batch": "VARCHAR",
            "expiry_date": "VARCHAR", "location_ID": "VARCHAR", "pack_size": "DOUBLE",
            "quantity": "DOUBLE", "available": "DOUBLE", "cost_price": "DOUBLE"
        }') as line
    from accepted
),
version as (
    select
        stock_line_id, known_on, deleted, line."store_ID" as store_id, line."item_ID" as item_id,
        line.batch, try_cast(left(nullif(line.expiry_date, ''), 10) as date) as expiry_date,
        nullif(line."location_ID", '') as location_id,
        coalesce(nullif(line.pack_size, 0), 1) as pack_size, coalesce(line.quantity, 0) as packs,
        coalesce(line.available, line.quantity, 0) as available_packs,
        coalesce(line.cost_price, 0) as cost_price
    from told
    union all
    select old.*
    from marts.stock_line_version as old
    semi join warehouse.collector.merged as merged
        on merged.cycle > getvariable('since') and (
            (merged.table_name = 'item' and merged.record_id = old.item_id)
            or (merged.table_name = 'Location' and merged.record_id = old.location_id)
        )
    where (old.stock_line_id, old.known_on) not in (select (stock_line_id, known_on) from accepted)
)
select
    version.* replace (
        coalesce(item.merged_into, version.item_id) as item_id,
        coalesce(location.merged_into, version.location_id) as location_id
    )
from version
left join warehouse.collector.merged as item
    on item.table_name = 'item' and item.record_id = version.item_id
left join warehouse.collector.merged as location
    on location.table_name = 'Location' and location.record_id = version.location_id
