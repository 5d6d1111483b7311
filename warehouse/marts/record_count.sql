-- description: One row per table: how many records it has, how many were deleted.
-- key: table_name
select
    table_name, count(*) filter (not deleted) as records, count(*) filter (deleted) as deleted
from warehouse.collector.record
group by table_name
order by table_name
