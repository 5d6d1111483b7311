-- description: One row per change for the central log, which every site reads (rules R1, R9, R10).
-- given: changed
select table_name, record_id, action, cursor, depth
from changed
where route = 'central'
