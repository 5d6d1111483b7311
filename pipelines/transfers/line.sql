-- description: One row per line of an initiating half that was transferred or came too late.
-- load: replace
-- scope: line_due(kind, initiating_id, initiating_line)
-- key: kind, initiating_id, initiating_line
-- given: line_due
select
    due.kind, due.initiating_id, due.initiating_line, due.responding_line, due.outcome,
    getvariable('cycle')::bigint as cycle, landed.version
from line_due as due
left join (
    select record.record_id, record.version
    from collector.record as record
    semi join made as made
        on made.table_name = record.table_name and made.record_id = record.record_id
    where record.cycle = getvariable('cycle')
) as landed on landed.record_id = due.responding_line
