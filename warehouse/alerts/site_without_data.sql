-- description: A site that is in contact, but of which nothing was accepted for more than lag_alert_days.
select
    site::varchar as key, last_accepted::varchar as state,
    'Site ' || site || ', ' || site_name || ', is in contact, but nothing of it was accepted since '
        || strftime(last_accepted, '%Y-%m-%d') || '.' as text
from site
where not disabled and not is_central and contact_status(last_contact) <> 'alert'
    and contact_status(last_accepted) = 'alert'
order by site
