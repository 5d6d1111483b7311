-- A nation's stock, straight into the marts: a batch of every item in every store, and six months
-- of use of three in five of them. Nothing of it is real.
insert into marts.key
select upper(md5('store' || n)), n + 1 from range(getvariable('stores')) as told(n)
union all
select upper(md5('item' || n)), getvariable('stores') + n + 1
from range(getvariable('items')) as told(n);

insert into marts.store by name
select
    upper(md5('store' || n)) as store_id, 'S' || lpad(n::varchar, 6, '0') as store_code,
    'Store ' || n as store_name, 100 + n as site, 'dispensary' as store_mode, false as disabled,
    'Region ' || n % 20 as region, 'District ' || n % 200 as district, 'clinic' as level,
    5 + n % 200 / 40 as latitude, -8 + n // 200 / 40 as longitude, n + 1 as store_key
from range(getvariable('stores')) as told(n);

insert into marts.item by name
select
    upper(md5('item' || n)) as item_id, 'I' || lpad(n::varchar, 4, '0') as item_code,
    'Item ' || n as item_name, 'tab' as unit, 'Category ' || n % 10 as category,
    getvariable('stores') + n + 1 as item_key
from range(getvariable('items')) as told(n);

insert into marts.site by name
select
    store_id as site_id, site, store_name as site_name, 'msupply' as kind, 'hub' as transfers,
    false as disabled, false as is_central,
    getvariable('today')::timestamp - to_days(90) as first_contact,
    getvariable('today')::timestamp - to_hours((site % 1000)::integer) as last_contact,
    getvariable('today')::timestamp - to_hours((site % 1100)::integer) as last_accepted,
    site % 7 as queue_length
from marts.store;

insert into marts.stock_line by name
with line as (
    select
        store.*, item.*, hash(store.store_key * 1000 + item.item_key) as chance
    from marts.store as store, marts.item as item
)
select
    store_id || item_id as stock_line_id, store_id, item_id, 'B' || chance % 1000 as batch,
    getvariable('today') - 30 + (chance % 900)::integer as expiry_date, 10 as pack_size,
    (chance // 1000 % 40)::double as packs, (chance // 1000 % 40)::double as available_packs,
    1 + hash(item_key) % 100 / 7 as cost_price, store_key, item_key
from line;

insert into marts.ledger by name
with line as (
    select
        store.store_id, item.item_id, month,
        hash(store.store_key * 1000 + item.item_key) % 10 < 6 as is_used,
        hash((store.store_key * 1000 + item.item_key) * 6 + month) as chance
    from marts.store as store, marts.item as item, range(6) as told(month)
)
select
    getvariable('today') - (month * 30 + (chance % 30)::integer)::integer as day, store_id,
    item_id, 50 as received, (chance // 100 % 120)::double as issued, 0 as adjusted,
    0 as transferred
from line
where is_used;

update marts.published set day = getvariable('today'), simulated = true
