-- description: One row per line of central store data and site where its store is visible (rule R3).
-- load: working
-- given: due
-- given: store_seen
select due.cursor, due.origin, store_seen.site, 'R3' as rule
from due
join store_seen using (store_id, asking)
where due.route = 'central_store' and store_seen.level <> 'transfer'
