-- description: One row per line that a request of this cycle asks to judge again.
-- load: working
-- given: request
select distinct unnest(from_json(request.value, '{"retry": ["BIGINT"]}').retry) as cursor
from request
-- Once a cycle: not again when what the hub made is settled.
where getvariable('from_cursor') <= (
    select coalesce(max(next_cursor), 1) from landing.cycle
    where cycle < getvariable('cycle')
)
