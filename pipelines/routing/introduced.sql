-- description: One row per store record, or join between two stores, and site that gets it once, without seeing the store (rule R13).
-- load: working
-- given: due
-- given: introduction
select due.cursor, due.origin, due.asking as site, 'R13' as rule
from due
join introduction using (table_name, record_id, asking)
