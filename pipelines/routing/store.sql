-- description: One row per line of store data and site that has its store, active or as a collector copy (rule R4).
-- load: working
-- given: due
-- given: store_seen
select due.cursor, due.origin, store_seen.site, 'R4' as rule
from due
join store_seen using (store_id, asking)
where due.route = 'store' and store_seen.level in ('active', 'collector')
