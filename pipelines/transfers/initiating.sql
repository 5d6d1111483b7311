-- description: One row per record between two stores that this cycle changed, or whose other store turned up or changed: what the rules ask of it. `standing` is the outcome that nothing changes any more: a half is made once.
-- load: working
-- key: table_name, record_id
with tried_again as (
    select 'transact' as table_name, half."ID" as record_id
    from records.transact as half
    semi join turned as turned on turned.party_id = half."name_ID"
    where lower(half."type") in ('ci', 'sc')
    union all
    select 'requisition', half."ID"
    from records.requisition as half
    semi join turned as turned on turned.party_id = half."name_ID"
    where lower(half."type") = 'request'
    union all
    select 'purchase_order', half."ID"
    from records.purchase_order as half
    semi join turned as turned on turned.party_id = half."name_ID"
),
picked as (
    select table_name, record_id, record_kind, store_id, cursor, version
    from collector.record
    where cycle = getvariable('cycle') and not deleted
        and table_name in ('transact', 'requisition', 'purchase_order')
    union
    select
        record.table_name, record.record_id, record.record_kind, record.store_id, record.cursor,
        record.version
    from collector.record as record
    semi join tried_again
        on tried_again.table_name = record.table_name and tried_again.record_id = record.record_id
    where not record.deleted
),
told as (
    select
        picked.*, lower(half."type") as "type", lower(half."status") as "status",
        half.invoice_num::bigint as number, half."name_ID" as name_id,
        nullif(half."requisition_ID", '') as requisition_id,
        half."original_PO_ID" as original_order_id,
        coalesce(half.om_status = 'CANCELLED', false) or coalesce(half.is_cancellation, false)
            as is_cancelled
    from records.transact as half
    join picked on picked.table_name = 'transact' and picked.record_id = half."ID"
    where lower(half."type") in ('ci', 'sc') and picked.record_kind <> 'Prescriptions'
    union all by name
    select
        picked.*, 'request' as "type", lower(half."status") as "status",
        half.serial_number::bigint as number, half."name_ID" as name_id
    from records.requisition as half
    join picked on picked.table_name = 'requisition' and picked.record_id = half."ID"
    where lower(half."type") = 'request'
    union all by name
    select
        picked.*, 'purchase_order' as "type", lower(half."status") as "status",
        half.serial_number::bigint as number, half."name_ID" as name_id
    from records.purchase_order as half
    join picked on picked.table_name = 'purchase_order' and picked.record_id = half."ID"
),
between as (
    select
        told.*, known.outcome, known.responding_id, known.initiated,
        partner.store_id as to_store, partner.site as to_site, partner.makes_own,
        partner.is_disabled
    from told
    left join transfers.transfer as known
        on known.initiating_table = told.table_name and known.initiating_id = told.record_id
    left join partner as partner on partner.name_id = told.name_id
    where partner.store_id is not null or known.initiating_id is not null
),
-- The purchase order that a customer invoice is for: the one it was made for, or names, if it is
-- of the store that the invoice is to.
ordered as (
    select
        between.table_name, between.record_id,
        coalesce(
            any_value(made_for.initiating_id), any_value(named."ID"),
            any_value(placed.initiating_id)
        ) as order_id
    from between
    left join transfers.transfer as made_for
        on made_for.kind = 'purchase_order' and made_for.responding_table = between.table_name
        and made_for.responding_id = between.record_id
        and made_for.from_store = coalesce(between.to_store, made_for.from_store)
    left join records.purchase_order as named
        on named."ID" = between.original_order_id and named."store_ID" = between.to_store
    left join transfers.transfer as placed
        on placed.kind = 'purchase_order' and placed.initiating_id = between.original_order_id
        and placed.from_store = between.to_store
    where between.type = 'ci'
    group by all
)
select
    between.table_name, between.record_id, between.type, between.status, between.number,
    between.cursor, between.version, between.requisition_id, ordered.order_id,
    coalesce(between.is_cancelled, false) as is_cancelled,
    between.store_id as from_store, home.sync_id_remote_site::integer as from_site,
    coalesce(own.name_id, home."name_ID") as from_name,
    between.to_store, between.to_site, coalesce(between.makes_own, false) as makes_own,
    coalesce(between.is_disabled, false) as is_disabled,
    case
        when between.responding_id is not null
            or (between.outcome = 'same_site' and between.initiated is not null)
            then between.outcome
    end as standing
from between
left join ordered
    on ordered.table_name = between.table_name and ordered.record_id = between.record_id
left join records.store as home on home."ID" = between.store_id
left join partner as own on own.store_id = between.store_id and own.name_id = own.party_id
