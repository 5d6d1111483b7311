-- description: A site that was last in contact more than lag_alert_days ago.
select
    site::varchar as key, last_contact::varchar as state,
    'Site ' || site || ', ' || site_name || ', was last in contact on '
        || strftime(last_contact, '%Y-%m-%d') || '.' as text
from site
where not disabled and not is_central and contact_status(last_contact) = 'alert'
order by site
