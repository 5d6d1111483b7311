-- description: One row per site: which preferences of procurement are in force there, its own value before the system's (rule O12).
-- load: view
with held as (
    select
        "key", try_cast(trim(site_ID::varchar, '"') as double) as site,
        bool_or(lower(trim(value::varchar, '"')) in ('true', '1', 'yes', 'on')) as is_on
    from records.hub_preference
    group by all
)
select
    site.site_ID::integer as site,
    coalesce(any_value(own.is_on::integer) filter (own."key" = 'centralised_procurement'),
        any_value(system.procurement), 0) = 1 as centralised_procurement,
    coalesce(any_value(own.is_on::integer) filter (own."key" = 'centralised_payments'),
        any_value(system.payments), 0) = 1 as centralised_payments,
    coalesce(any_value(own.is_on::integer) filter (own."key" = 'supervisor_ordering'),
        any_value(system.supervisor), 0) = 1 as supervisor_ordering
from (select distinct site_ID from records.site where site_ID is not null) as site
left join held as own on own.site = site.site_ID
cross join (
    select
        any_value(is_on::integer) filter ("key" = 'centralised_procurement') as procurement,
        any_value(is_on::integer) filter ("key" = 'centralised_payments') as payments,
        any_value(is_on::integer) filter ("key" = 'supervisor_ordering') as supervisor
    from held where site is null
) as system
group by site.site_ID
