-- description: A store whose transfers lack their other half for more than lag_alert_days, though they need one; told again whenever their number doubles.
with alone as (
    select *
    from marts.transfer
    where is_alone(received, outcome) and is_old(initiated)
)
select
    store_id as key, floor(log2(count(*)))::varchar as state,
    'Of store ' || any_value(store_code) || ', ' || any_value(store_name) || ', '
        || format('{:,}', count(*))
        || case when count(*) = 1 then ' transfer lacks' else ' transfers lack' end
        || ' the other half, the first since ' || min(initiated) || '.' as text
from alone
join store on store.store_id = alone.from_store
group by store_id
order by any_value(store_code)
