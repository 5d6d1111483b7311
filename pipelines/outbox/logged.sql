-- description: One row per line that this cycle adds to the central log, numbered on from its last.
-- key: id
select
    coalesce((select max(last) from outbox.file where site = 0), 0) + row_number() over (
        order by
            action = 'delete', case when action = 'delete' then -depth else depth end,
            cursor, table_name, record_id
    ) as id,
    getvariable('cycle')::bigint as cycle,
    cursor, table_name, record_id, action
from routing.central
order by id
