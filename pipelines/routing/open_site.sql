-- description: One row per remote site that gets a queue: it is known, and not disabled (rule R11).
-- load: working
-- key: site
select site_ID::integer as site
from (
    select site_ID, coalesce(disabled, false) as disabled from records.site
    union all
    select getvariable('primary'), false
)
where site_ID is not null and site_ID <> getvariable('central')
group by site_ID
having not bool_or(disabled)
