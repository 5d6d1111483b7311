-- description: One row per record that this cycle changed and that may open names or prescribers to a site: names, prescribers, their joins, prescriptions.
-- load: working
select
    table_name, record_id, store_id, cursor,
    table_name in ('name', 'clinician') and first in (
        select cursor from collector.verdict where cycle = getvariable('cycle')
    ) as is_new
from collector.record
where cycle = getvariable('cycle') and not deleted
    and (
        table_name in ('name', 'name_store_join', 'clinician', 'clinician_store_join')
        or (
            table_name = 'transact'
            and store_id in (select store_id from routing.store_at where dispensary)
        )
    )
