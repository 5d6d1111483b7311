-- description: One row per patient or prescriber whose home store is being changed (rule P3).
-- load: view
select
    json_extract_string(case when body[1] = '"' then json_extract_string(body, '$') else body end,
        '$.name_ID') as record_id
from records.message
where type = 'home_store_change' and status is distinct from 'processed'
    and json_valid(case when body[1] = '"' then json_extract_string(body, '$') else body end)
