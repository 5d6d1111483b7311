-- description: One row per candidate that is refused before it can be judged: malformed, or of a table the hub does not know.
-- load: working
select
    cursor, site, table_name, record_id, null::varchar as kept_id, action,
    made, recalled, pass, digest,
    null::integer as kind, refusal as outcome, detail,
    null::varchar as waits_table, null::varchar as waits_record,
    null::varchar as store_id, parent_id, false as owned
from candidate
where refusal is not null
