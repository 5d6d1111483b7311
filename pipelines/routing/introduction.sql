-- description: One row per store record, or join between two stores, and site that gets it once, to know whom it trades with or has a transfer copy of (rule R13).
-- load: working
-- given: fresh_store, half
-- given: fresh_store, half_seen
with met as (
    -- The other half of a transfer comes to a site for the first time: its store comes with it.
    select half.own_store as store_id, half.other_store as here_id, half_seen.asking, half_seen.again
    from half_seen
    join half
        on half.half_table = half_seen.half_table and half.half_id = half_seen.half_id
        and half.other_site = half_seen.asking
    where half_seen.asking <> 0
    union
    select fresh_store.store_id, here.store_id, fresh_store.site, fresh_store.again
    from fresh_store
    join routing.store_at as here on here.site = fresh_store.site and here.level = 'active'
    where fresh_store.level = 'transfer'
    union
    select store_id, null, site, again from fresh_store where level = 'transfer'
),
told as (
    select 'store' as table_name, store_id as record_id, asking, again from met
    union
    select 'name_store_join', joined."ID", met.asking, met.again
    from met
    join party on party.store_id = met.store_id
    join records.name_store_join as joined
        on joined."name_ID" = party.name_id and joined."store_ID" = met.here_id
    union
    select 'name_store_join', joined."ID", met.asking, met.again
    from met
    join party on party.store_id = met.here_id
    join records.name_store_join as joined
        on joined."name_ID" = party.name_id and joined."store_ID" = met.store_id
),
sent as (
    select told.table_name, told.record_id, told.asking
    from told
    join outbox.owed as owed
        on owed.site = told.asking and owed.table_name = told.table_name
        and owed.record_id = told.record_id
    where not told.again
)
select table_name, record_id, asking, bool_or(again) as again
from told
anti join sent using (table_name, record_id, asking)
group by all
