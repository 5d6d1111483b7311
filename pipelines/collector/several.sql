-- description: One row per hash of a record of which this pass accepted several lines, or a delete; a record that shares one only goes the longer way.
-- load: working
select hash(table_name, record_id) as hash
from judged
where pass = getvariable('pass') and outcome = 'accepted'
group by all
having count(*) > 1 or any_value(action) = 'delete'
