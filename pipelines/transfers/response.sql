-- description: One row per response requisition that this cycle makes (rule T3).
-- load: working
-- key: table_name, record_id
-- given: decided
with told as (
    select
        half.*,
        from_json(change.data, '{
            "comment": "JSON", "programID": "JSON", "periodID": "JSON", "daysToSupply": "JSON",
            "thresholdMOS": "JSON"
        }') as was
    from decided as half
    join landing.change as change on change.cursor = half.version
    where half.is_new and half.kind = 'requisition'
),
numbered as (
    select "store_ID" as store_id, max(serial_number)::bigint as last
    from records.requisition
    where "store_ID" in (select to_store from told where to_site = getvariable('central'))
    group by all
)
select
    'requisition' as table_name, told.responding_id as record_id, 'update' as action,
    json_object(
        'ID', told.responding_id, 'serial_number', next_number(
            told.to_site, numbered.last,
            row_number() over (partition by told.to_store order by told.cursor)
        ),
        'name_ID', told.from_name, 'store_ID', told.to_store, 'type', 'response',
        'status', 'sg', 'user_ID', '', 'date_entered', today(), 'lastModifiedAt', 0,
        'requester_reference', 'From internal order ' || coalesce(told.number::varchar, ''),
        'linked_requisition_id', told.record_id,
        'thresholdMOS', as_number(told.was.thresholdMOS, 0),
        'daysToSupply', as_number(told.was.daysToSupply, 0),
        'comment', as_text(told.was.comment), 'authorisationStatus', '', 'orderType', '',
        'periodID', as_text(told.was.periodID), 'programID', as_text(told.was.programID)
    )::varchar as data
from told
left join numbered on numbered.store_id = told.to_store
