-- description: One row per table: its records, and how many were deleted.
select table_name as "table", records, deleted
from marts.record_count
order by "table"
