-- description: One row per store or item that is new, and the number that stands for it from now on.
-- load: working
with line as (
    select "store_ID" as store_id, "item_ID" as item_id
    from warehouse.records.item_line
    where "ID" in (select stock_line_id from touched_stock_line)
),
told as (
    select "ID" as id from warehouse.records.store
    union
    select "ID" from warehouse.records.item
    union
    select store_id from touched_stock_after
    union
    select item_id from touched_stock_after
    union
    select store_id from line
    union
    select item_id from line
)
select
    id, (coalesce((select max(key) from marts.key), 0) + row_number() over (order by id))::integer
        as key
from told
where id not in (select id from marts.key)
