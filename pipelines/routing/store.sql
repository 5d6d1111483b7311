-- description: One row per line of store data and site that has its store, active or as a collector copy (rule R4).
-- load: working
select asked.cursor, asked.origin, store_seen.site, 'R4' as rule
from asked
join store_seen using (store_id, asking)
where asked.route = 'store' and store_seen.level in ('active', 'collector')
