-- description: A vital item (alerts.vital in mainstem.toml) that a store is out of.
select
    store_id || ' ' || item_id as key, first_day::varchar as state,
    'Store ' || store_code || ', ' || store_name || ', is out of ' || item_code || ', ' || item_name
        || ', since ' || first_day || '.' as text
from marts.stock_out
join store using (store_id)
join item using (item_id)
where next_day is null and not store.disabled and list_contains(getvariable('vital'), item_code)
order by store_code, item_code
