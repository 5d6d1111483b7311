-- description: One row per prescriber asked about and site that sees it (rule R6): a dispensary of it where the prescriber has prescribed, is visible or at home; of every site (`asking` 0) or of the one that asks.
-- load: working
-- given: due
with told as (
    select cursor, record_id as clinician_id from due where table_name = 'clinician'
    union
    select due.cursor, joined."prescriber_ID"
    from due
    join records.clinician_store_join as joined on joined."ID" = due.record_id
    where due.table_name = 'clinician_store_join'
),
about as (
    select told.cursor, coalesce(merged.merged_into, told.clinician_id) as clinician_id
    from told
    left join collector.merged as merged
        on merged.table_name = 'clinician' and merged.record_id = told.clinician_id
),
clinician as (
    select distinct about.clinician_id from about join due using (cursor) where due.asking = 0
),
dispensary as (
    select store_id, site from routing.store_at where level = 'active' and dispensary
),
seen as (
    select joined."prescriber_ID" as clinician_id, 0 as asking, dispensary.site
    from records.clinician_store_join as joined
    semi join clinician on clinician.clinician_id = joined."prescriber_ID"
    join dispensary on dispensary.store_id = joined."store_ID"
    union
    select transact."prescriber_ID", 0, dispensary.site
    from records.transact as transact
    semi join clinician on clinician.clinician_id = transact."prescriber_ID"
    join dispensary on dispensary.store_id = transact."store_ID"
    union
    select record.record_id, 0, dispensary.site
    from collector.record as record
    semi join clinician on clinician.clinician_id = record.record_id
    join dispensary using (store_id)
    where record.table_name = 'clinician' and not record.deleted
    union
    select clinician_id, site, site from fresh_prescriber
)
select about.cursor, seen.asking, seen.site
from about
join seen using (clinician_id)
