-- description: One row per store in use: how old the data behind its figures is, what of its site's is not in them, and a grade: none (nothing came yet), poor (older than the alert limit), fair (older than the warning limit, or lines were refused or wait), good.
with held as (
    select
        site, count(*) filter (reason = 'deferred') as waiting,
        count(*) filter (reason <> 'deferred') as quarantined
    from marts.quarantine
    group by site
),
moved as (
    select store_id, max(day) as last_movement
    from marts.ledger
    where day <= getvariable('day')
    group by store_id
),
told as (
    select
        store.store_code, store.store_name, store.store_id, store.site, site.site_name,
        site.last_contact, coalesce(site.is_central, false) as is_central,
        days_since(site.last_contact) as days_since_contact,
        -- Until its site has sent anything since it moved there, its data are the last site's.
        days_since(
            case when store.active_since is null or site.last_accepted > store.active_since
                then site.last_accepted else store.accepted_before end
        ) as data_age_days,
        moved.last_movement, coalesce(held.waiting, 0) as waiting,
        coalesce(held.quarantined, 0) as quarantined
    from store
    left join marts.site as site using (site)
    left join held using (site)
    left join moved using (store_id)
    where not store.disabled
)
select
    store_code, store_name, site, coalesce(site_name, '') as site_name,
    strftime(last_contact, '%Y-%m-%dT%H:%M:%SZ') as last_contact, days_since_contact,
    data_age_days, last_movement, waiting, quarantined,
    case
        when data_age_days is null and not is_central then 'none'
        when data_age_days > getvariable('lag_alert_days') and not is_central then 'poor'
        when data_age_days > getvariable('lag_warning_days') and not is_central then 'fair'
        when waiting + quarantined > 0 then 'fair'
        else 'good'
    end as grade
from told
order by store_code, store_id
