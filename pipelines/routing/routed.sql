-- description: One row per record kind and table that goes anywhere: its route, how deep its table stands below its owning parents, and their table.
-- load: working
select
    record_kind, table_name, store_set, any_value(route) as route, any_value(depth) as depth,
    any_value(parent_table) as parent_table
from kind
where route <> 'none'
group by record_kind, table_name, store_set
