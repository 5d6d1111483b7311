-- description: A store to which transfers are on their way for more than lag_alert_days; told again whenever their number doubles.
with waiting as (
    select transfer.*
    from marts.transfer as transfer
    where is_coming(received, outcome) and is_old(initiated)
)
select
    store_id as key, floor(log2(count(*)))::varchar as state,
    'To store ' || any_value(store_code) || ', ' || any_value(store_name) || ', '
        || format('{:,}', count(*))
        || case when count(*) = 1 then ' transfer is' else ' transfers are' end
        || ' on the way for too long, the first since ' || min(initiated) || '.' as text
from waiting
join store on store.store_id = waiting.to_store
group by store_id
order by any_value(store_code)
