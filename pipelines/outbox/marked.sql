-- description: One row per queue that this cycle goes on with above a mark, as a request says after a restore (rule I5); site 0 is the central log.
-- load: working
-- key: site
-- given: request
with asked as (
    select from_json(
        request.value, '{"restored": {"queues": "MAP(VARCHAR, BIGINT)", "central": "BIGINT"}}'
    ).restored as told
    from request
    where json_exists(request.value, '$.restored')
),
named as (
    select unnest(map_entries(told.queues)) as queue from asked
)
select site, max(last) as last
from (
    select queue.key::integer as site, queue.value as last from named
    union all
    select 0, told.central from asked where told.central is not null
)
group by site
