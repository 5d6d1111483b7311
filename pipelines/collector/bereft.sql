-- description: One row per delete of this pass whose record no site has brought yet: all its versions in this cycle were refused or wait, so the delete waits too (rule O14).
-- load: working
-- key: cursor
select judged.cursor, 'deferred' as outcome, 'the record has not come' as detail
from judged
anti join known
    on known.table_name = judged.table_name and known.record_id = judged.record_id
anti join (
    select table_name, record_id from judged
    where pass = getvariable('pass') and outcome = 'accepted' and action in ('insert', 'update')
) as came on came.table_name = judged.table_name and came.record_id = judged.record_id
where judged.pass = getvariable('pass') and judged.outcome = 'accepted'
    and judged.action = 'delete'
