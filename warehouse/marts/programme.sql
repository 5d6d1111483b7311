-- description: One row per programme and item of it: a programme is a master list that says so and is not inactive.
-- key: programme, item_id
select distinct list.description as programme, line."item_ID" as item_id
from warehouse.records.list_master as list
join warehouse.records.list_master_line as line on line."item_master_ID" = list."ID"
where list."isProgram" = 'true' and coalesce(list.inactive, '') <> 'true'
    and list.description <> '' and line."item_ID" <> ''
order by programme, item_id
