-- description: One row per line that this cycle adds to the central log, numbered on from its last.
-- load: working
-- key: id
with added as (
    select table_name, record_id, action, cursor, depth from routing.central
    union all
    select table_name, record_id, action, cursor, depth from repeated
)
select
    coalesce((select last from outbox.head where site = 0), 0) + row_number() over (
        order by
            action = 'delete', action = 'merge',
            case when action = 'delete' then -depth else depth end, cursor
    ) as id,
    getvariable('cycle')::bigint as cycle,
    cursor, table_name, record_id, action
from added
order by id
