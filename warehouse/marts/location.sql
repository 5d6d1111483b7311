-- description: One row per location of a store.
select "ID" as location_id, coalesce(nullif(code, ''), '') as location
from warehouse.records."Location"
