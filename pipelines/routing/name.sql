-- description: One row per line of a name's data and site where the name is visible (rule R7).
-- load: working
-- given: about
-- given: due
select due.cursor, due.origin, name_seen.site, 'R7' as rule
from due
join about using (cursor)
join name_seen using (name_id, asking)
where due.route = 'name'
