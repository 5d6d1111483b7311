-- description: One row: which cycle these reports show, its clock (UTC), the day of it, and the preferences reports need.
select
    getvariable('cycle')::bigint as cycle, getvariable('clock')::timestamp as clock,
    getvariable('today')::date as day, getvariable('timezone')::varchar as timezone,
    getvariable('lag_warning_days')::integer as lag_warning_days,
    getvariable('lag_alert_days')::integer as lag_alert_days,
    coalesce((
        select bool_or(json_extract_string(custom_data, '$.simulated') = 'true')
        from warehouse.records.name where custom_data is not null and json_valid(custom_data)
    ), false) as simulated
