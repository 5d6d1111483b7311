-- description: One row per barcode that repeats an earlier one of the same text and item: its merge into that one (rule O9).
-- load: working
-- key: table_name, record_id
-- given: records.barcode
with touched as (
    select record_id
    from collector.record
    where cycle = getvariable('cycle') and table_name = 'barcode'
    union all
    select barcode."ID"
    from records.barcode as barcode
    semi join (
        from collector.merged where table_name = 'item' and cycle = getvariable('cycle')
    ) as item on item.merged_into = barcode."itemID"
),
said as (
    select distinct barcode.barcode, barcode."itemID"
    from records.barcode as barcode
    semi join touched on touched.record_id = barcode."ID"
    where barcode.barcode <> '' and barcode."itemID" <> ''
),
same as (
    select barcode."ID" as record_id, barcode.barcode, barcode."itemID"
    from records.barcode as barcode
    semi join said on said.barcode = barcode.barcode and said."itemID" = barcode."itemID"
    where barcode."ID" not in (
        select record_id from collector.merged where table_name = 'barcode'
    )
),
told as (
    select
        same.record_id,
        first_value(same.record_id) over (
            partition by same.barcode, same."itemID" order by record.first, same.record_id
        ) as kept_id
    from same
    join collector.record as record
        on record.table_name = 'barcode' and record.record_id = same.record_id
)
select
    'barcode' as table_name, record_id, 'merge' as action,
    json_object('mergeIdToKeep', kept_id, 'mergeIdToDelete', record_id)::varchar as data
from told
where record_id <> kept_id
