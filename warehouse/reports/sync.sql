-- description: One row per remote site that is not disabled: its last contact, the age of its data, its queue (rules Y2-Y4).
with told as (
    select
        site.*,
        (
            select count(*) from marts.store as active
            where active.site = site.site and not active.disabled
        ) as stores,
        days_since(site.last_contact) as days_since_contact,
        days_since(site.last_accepted) as data_age_days
    from site
    where not site.disabled and not site.is_central
)
select
    site, site_name, stores,
    strftime(first_contact, '%Y-%m-%dT%H:%M:%SZ') as first_contact,
    strftime(last_contact, '%Y-%m-%dT%H:%M:%SZ') as last_contact,
    days_since_contact, data_age_days, queue_length,
    contact_status(last_contact) as status
from told
order by site
