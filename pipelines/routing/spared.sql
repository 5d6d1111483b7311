-- description: One row per site whose queue is built anew without what it made itself: only a restore asks for it (rule I5).
-- load: working
-- key: site
-- given: request
select try_cast(json_extract_string(request.value, '$.initialise') as integer) as site
from request
where try_cast(json_extract_string(request.value, '$.initialise') as integer) is not null
group by site
having bool_and(coalesce(json_extract_string(request.value, '$.own') = 'false', false))
