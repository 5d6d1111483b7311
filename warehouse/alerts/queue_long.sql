-- description: A site that is owed 10,000 records or more; told again whenever that doubles.
select
    site::varchar as key, floor(log2(queue_length / 10_000))::varchar as state,
    'Site ' || site || ', ' || site_name || ', has '
        || format('{:,}', queue_length) || ' records in its queue.' as text
from site
where not disabled and not is_central and queue_length >= 10_000
order by site
