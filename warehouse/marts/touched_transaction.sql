-- description: One row per transaction whose movements may have changed since the marts were last made, and whether it was there then: a new one has none yet.
-- load: working
with special as (
    select "ID" as name_id, 'adjustment' as kind from warehouse.records.name
    where "type" in ('invad', 'repack', 'build') or lower(code) in ('invad', 'repack')
    union all
    select coalesce(merged.merged_into, store."name_ID"), 'store'
    from warehouse.records.store as store
    left join warehouse.collector.merged as merged
        on merged.table_name = 'name' and merged.record_id = store."name_ID"
    where store."name_ID" <> ''
),
-- What was merged away since stands for something else now, history included (rule G4).
merged as (
    from warehouse.collector.merged where cycle > getvariable('since')
),
-- Names that have become, or are no longer, inventory adjustments or a store's.
turned as (
    (from special except from marts.party) union all (from marts.party except from special)
),
-- A reversal decides whether the cancelled transaction that it reverses counts.
given_back as (
    select "linked_transaction_id" as transaction_id
    from warehouse.records.transact
    where is_cancellation and "linked_transaction_id" <> '' and lower("status") in ('cn', 'fn')
        and coalesce(confirm_date, finalised_date) is not null
),
turned_back as (
    (from given_back except from marts.reversed) union (from marts.reversed except from given_back)
),
changed as (
    select
        table_name, record_id, parent_id, first >= (
            select coalesce(max(next_cursor), 1) from warehouse.landing.cycle
            where cycle <= getvariable('since')
        ) as is_new
    from warehouse.collector.record
    where cycle > getvariable('since') and table_name in ('transact', 'trans_line')
),
touched as (
    select record_id as transaction_id from changed where table_name = 'transact'
    union
    select parent_id from changed where table_name = 'trans_line' and parent_id is not null
    union
    from turned_back
    union
    select "ID" from warehouse.records.transact where "name_ID" in (select name_id from turned)
    union
    select transaction_id from marts.movement where movement_id in (
        select record_id from changed where table_name = 'trans_line' and not is_new
    )
    union
    select transaction_id from marts.movement
    where item_id in (select record_id from merged where table_name = 'item')
    union
    select "ID" from warehouse.records.transact
    where "name_ID" in (select merged_into from merged where table_name = 'name')
)
select
    transaction_id, transaction_id not in (
        select record_id from changed where table_name = 'transact' and is_new
    ) as is_known
from touched
