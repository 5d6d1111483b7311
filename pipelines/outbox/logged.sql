-- description: One row per line that this cycle adds to the central log, numbered on from its last.
-- key: id
with added as (
    select table_name, record_id, action, cursor, depth from routing.central
    union all
    select table_name, record_id, action, cursor, depth from repeated
)
select
    coalesce((select last from reached where site = 0), 0) + row_number() over (
        order by
            action = 'delete', case when action = 'delete' then -depth else depth end,
            cursor, table_name, record_id
    ) as id,
    getvariable('cycle')::bigint as cycle,
    cursor, table_name, record_id, action
from added
order by id
