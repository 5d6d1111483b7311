-- description: One row per site: which preferences of procurement are in force there, its own value before the system's (rule O12).
-- load: view
with told as (
    select
        "key", nullif(trim(site_ID::varchar, '"'), '') as site,
        lower(trim(value::varchar, '"')) in ('true', '1', 'yes', 'on') as is_on
    from records.hub_preference
),
held as (
    select
        "key", try_cast(case when site <> 'null' then site end as double) as site,
        bool_or(is_on) as is_on
    from told group by all
)
select
    site.site_ID::integer as site,
    coalesce(max(own.is_on::integer) filter (own."key" = 'centralised_procurement'),
        any_value(system.procurement), 0) = 1 as centralised_procurement,
    coalesce(max(own.is_on::integer) filter (own."key" = 'centralised_payments'),
        any_value(system.payments), 0) = 1 as centralised_payments,
    coalesce(max(own.is_on::integer) filter (own."key" = 'supervisor_ordering'),
        any_value(system.supervisor), 0) = 1 as supervisor_ordering
from (select distinct site_ID from records.site where site_ID is not null) as site
left join held as own on own.site = site.site_ID
cross join (
    select
        max(is_on::integer) filter ("key" = 'centralised_procurement') as procurement,
        max(is_on::integer) filter ("key" = 'centralised_payments') as payments,
        max(is_on::integer) filter ("key" = 'supervisor_ordering') as supervisor
    from held where site is null
) as system
group by site.site_ID
