-- description: One row per store: the last contact of the site where it is active (rule Y2); a store of the hub's own is ok.
with told as (
    select
        store.*, site.last_contact, coalesce(site.is_central, false) as is_central,
        days_since(site.last_contact) as days_since_contact
    from store
    left join marts.site as site using (site)
)
select
    store_code, store_name, site,
    strftime(last_contact, '%Y-%m-%dT%H:%M:%SZ') as last_contact, days_since_contact,
    case when is_central then 'ok' else contact_status(last_contact) end as status
from told
order by store_code, store_id
