-- description: One row per line of a prescription and site that has its store, or, as the preference says, its patient (rules R4, R5): what a collector holds of a store is whole.
-- load: working
-- given: due
-- given: about, store_seen
select due.cursor, due.origin, store_seen.site, 'R4' as rule
from due
join store_seen using (store_id, asking)
where due.route = 'prescription' and store_seen.level in ('active', 'collector')
union all
select due.cursor, due.origin, name_seen.site, 'R5'
from due
join about using (cursor)
join name_seen using (name_id, asking)
where due.table_name in (select table_name from routed where route = 'prescription')
    and (name_seen.whole or getvariable('prescriptions_follow_patient'))
