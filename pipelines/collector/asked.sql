-- description: One row per line that a request of this cycle asks to judge again.
-- load: working
select distinct unnest(from_json(request.value, '{"retry": ["BIGINT"]}').retry) as cursor
from landing.cycle as cycle, json_each(cycle.requests) as request
where cycle.cycle = getvariable('cycle')
    -- Once a cycle: not again when what the hub made is settled.
    and getvariable('from_cursor') <= (
        select coalesce(max(next_cursor), 1) from landing.cycle
        where cycle < getvariable('cycle')
    )
