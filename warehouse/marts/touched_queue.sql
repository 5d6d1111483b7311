-- description: One row per site and day whose queue's length was counted since the marts were last made.
-- load: working
-- key: site, day
select site, day from warehouse.outbox.length where cycle > getvariable('since')
