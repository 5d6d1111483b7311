-- description: One row per half of a transfer, or what must be there with it, and site that has it: of every site (`asking` 0), or of the one site that newly asks (rules T, R13, I1); `anew` where this cycle's records are asked for too.
-- load: working
-- given: half
with other as (
    select half.* from half
    anti join sent_half
        on sent_half.site = half.other_site and sent_half.half_table = half.half_table
        and sent_half.half_id = half.half_id
),
opened as (
    select store_id, site, again, initialised from fresh_store where level = 'active'
),
told as (
    select half_table, half_id, 0 as asking, own_site as site, false as again,
        false as anew
    from half
    union all
    select half_table, half_id, 0, other_site, false, false from half
    union all
    select half_table, half_id, other_site, other_site, false, false from other
    union all
    select half.half_table, half.half_id, opened.site, opened.site, opened.again,
        opened.initialised
    from half join opened on opened.store_id = half.other_store
),
-- A site that makes its halves itself needs the requisition that an invoice belongs to, first.
belonging as (
    select transact."requisition_ID" as requisition_id, told.asking, told.site, told.again, true as anew
    from told
    join half
        on half.half_table = told.half_table and half.half_id = told.half_id
        and half.other_site = told.asking
    join records.transact as transact on transact."ID" = half.half_id
    where half.half_table = 'transact' and half.initiates and half.site_makes
        and transact."requisition_ID" <> ''
),
requisition as (
    select 'requisition' as half_table, requisition_id as half_id, belonging.* exclude (requisition_id)
    from belonging
    union all
    select 'requisition', requisition."ID", belonging.* exclude (requisition_id)
    from belonging
    join records.requisition as requisition
        on requisition.linked_requisition_id = belonging.requisition_id
),
-- And the figures that the asker reported for a requisition's period.
indicator as (
    select 'indicator_value' as half_table, value."ID" as half_id, told.asking, told.site,
        told.again, true as anew
    from told
    join half
        on half.half_table = told.half_table and half.half_id = told.half_id
        and half.other_site = told.site
    join records.requisition as requisition on requisition."ID" = half.half_id
    join records.indicator_value as value
        on value."store_ID" = half.own_store and value."facility_ID" = half.own_store
        and value."period_ID" = requisition."periodID"
    where half.half_table = 'requisition' and half.initiates and half.site_makes
        and requisition."periodID" <> ''
)
from told
union all by name
from requisition
union all by name
from indicator
