-- description: One row per open site whose queue this cycle is asked to build anew (rule I1).
-- load: working
-- key: site
-- given: request
with told as (
    select
        unnest(
            case json_type(request.value, '$.initialise')
                when 'ARRAY' then json_extract_string(request.value, '$.initialise[*]')
                else [json_extract_string(request.value, '$.initialise')]
            end
        ) as site
    from request
)
select distinct open_site.site
from open_site
join told on try_cast(told.site as integer) = open_site.site
