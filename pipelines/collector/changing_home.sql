-- description: One row per patient or prescriber whose home store is being changed (rule P3).
-- load: view
-- What is no JSON asks for nothing, and stops nothing.
select try_cast(
    case when body[1] = '"' then json_extract_string(body, '$') else body end as json
) ->> '$.name_ID' as record_id
from records.message
where type = 'home_store_change' and status is distinct from 'processed'
