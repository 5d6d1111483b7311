-- description: One row per initiating half: both halves, stores, sites, what was decided, who made the responding half, when.
-- load: replace
-- scope: entry(initiating_table, initiating_id)
-- key: initiating_table, initiating_id
-- given: entry
select
    kind, initiating_table, initiating_id, responding_table, responding_id, from_store, to_store,
    from_site, to_site, outcome, made_by, number, status, initiated, made, received, cycle, version
from entry
