-- description: One row per store record, or join between two stores, and site that gets it once, without seeing the store (rule R13).
-- load: working
select asked.cursor, asked.origin, asked.asking as site, 'R13' as rule
from asked
join introduction using (table_name, record_id, asking)
