-- description: One row per purchase order to a store: whether a customer invoice answers it (rule T4).
-- load: working
-- key: table_name, record_id
-- given: initiating
select
    'purchase_order' as kind, table_name, record_id, 'transact' as responding_table,
    coalesce(status = 'cn', false) as is_due,
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
        when makes_own then 'site_makes_none'
        -- 5. It is confirmed.
        when status is distinct from 'cn' then 'not_confirmed'
        else 'created'
    end as outcome
from initiating
where "type" = 'purchase_order'
