-- description: One row per store or item that is new, and the number that stands for it from now on.
-- load: working
with told as (
    select "ID" as id from warehouse.records.store
    union
    select "ID" from warehouse.records.item
    union
    select store_id from touched_pair
    union
    select item_id from touched_pair
)
select
    id, (coalesce((select max(key) from marts.key), 0) + row_number() over (order by id))::integer
        as key
from told
where id not in (select id from marts.key)
