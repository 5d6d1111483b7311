-- description: One row per customer invoice to a store, for no purchase order: whether a supplier invoice answers it (rule T1).
-- load: working
-- key: table_name, record_id
-- given: initiating
select
    'stock' as kind, table_name, record_id, 'transact' as responding_table,
    coalesce(status = 'fn', false) as is_due,
    case
        when standing is not null then standing
        -- 1. The other party is a store, and not the store itself.
        when to_store is null then 'not_a_store'
        when to_store = from_store then 'same_store'
        -- 2. On one site the site does it all.
        when to_site = from_site then 'same_site'
        -- 3. The other store is in use, at a site that is set up.
        when is_disabled then 'store_disabled'
        when to_site is null then 'no_site'
        -- 4. Its site leaves the other half to the hub.
        when makes_own then 'site_makes'
        -- 5. It was not cancelled.
        when is_cancelled then 'cancelled'
        -- 6. It is finalised.
        when status is distinct from 'fn' then 'not_finalised'
        else 'created'
    end as outcome
from initiating
where "type" = 'ci' and order_id is null
