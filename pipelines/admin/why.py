"""The history of a record: each change, its verdict and rule, and each place where it went."""

from typing import Any

from pipelines import registry
from pipelines.admin import between, why_site
from pipelines.admin.rows import rows
from pipelines.errors import MainstemError
from pipelines.home import Home

CHANGES = """
select
    change.table_name as "table", change.cycle, cycle.clock, change.site, segment.name as segment,
    change.line, change.action, verdict.outcome, verdict.cycle as judged, held.detail,
    change.cursor
from landing.change as change
join landing.cycle as cycle on cycle.cycle = change.cycle
left join landing.segment as segment on segment.segment = change.segment
left join collector.verdict as verdict on verdict.cursor = change.cursor
left join collector.held as held on held.cursor = change.cursor
where change.record_id = $1 and change.table_name is not null
order by change.cursor
"""

# The record as it stands: its store and where that is active, and the route of its kind.
STANDS = """
select
    record.table_name as "table", record.record_kind as kind, record.deleted, record.cycle,
    store.code as store, record.store_id, store.sync_id_remote_site::integer as active_at,
    record.parent_id as parent, merged.merged_into, routed.editable_at, routed.route,
    newest.site as made_by
from collector.record as record
join landing.change as newest on newest.cursor = record.cursor
left join records.store as store on store."ID" = record.store_id
left join collector.merged as merged
    on merged.table_name = record.table_name and merged.record_id = record.record_id
left join (
    select record_kind, table_name, store_set, any_value(route) as route,
        any_value(editable_at) as editable_at
    from kind group by all
) as routed
    on routed.record_kind = record.record_kind and routed.table_name = record.table_name
    and coalesce(routed.store_set = (record.store_id is not null), true)
where record.record_id = $1
order by record.table_name
"""

MERGES = """
select
    merged.table_name as "table", merged.record_id as merged, merged.merged_into as "into",
    change.cycle, change.site
from collector.merged as merged
left join landing.change as change on change.cursor = merged.cursor
where merged.record_id = $1 or merged.merged_into = $1
order by change.cursor
"""

TRANSFERS = """
select
    kind, initiating_table, initiating_id, responding_table, responding_id,
    coalesce(sender.code, from_store) as from_store, coalesce(receiver.code, to_store) as to_store,
    from_site, to_site, outcome, made_by
from transfers.transfer
left join records.store as sender on sender."ID" = from_store
left join records.store as receiver on receiver."ID" = to_store
where initiating_id = $1 or responding_id = $1 or initiating_id in (
    select initiating_id from transfers.line where initiating_line = $1 or responding_line = $1
)
order by initiating_id, kind
"""

QUEUED = """
select
    queue.table_name as "table", queue.site, queue.sequence, queue.cycle, queue.action, queue.rule,
    case
        when queue.sequence <= done.sequence then 'acknowledged'
        when exists (
            from outbox.owed as owed
            where owed.site = queue.site and owed.sequence = queue.sequence
        ) then 'owed'
        else 'superseded'
    end as state
from outbox.queue as queue
left join outbox.acknowledged as done on done.site = queue.site
where queue.record_id = $1
order by queue.site, queue.sequence
"""

LOGGED = """
select table_name as "table", id, cycle, action from outbox.central
where record_id = $1 order by id
"""


def why(home: Home, record: str, site: int | None = None) -> dict[str, Any]:
    """All that is known of a record id, a part a table; with `site` why that site has it or not.

    Waits for a running cycle; no text of the record is told.
    """
    with between.cycles(home) as hub:
        changes = rows(hub.con, CHANGES, record)
        if not changes:
            raise MainstemError(
                f"No change of a record {record} has come. Give its id as the feed has it."
            )
        stands = {row["table"]: _routed(row) for row in rows(hub.con, STANDS, record)}
        merges, transfers, queued, logged = (
            rows(hub.con, query, record) for query in (MERGES, TRANSFERS, QUEUED, LOGGED)
        )
        told = []
        for table in dict.fromkeys(change["table"] for change in changes):
            part = {
                "table": table,
                "stands": stands.get(table),
                "changes": [_reasoned(row) for row in changes if row["table"] == table],
                "merges": [row for row in merges if row["table"] == table],
                "transfers": [
                    row
                    for row in transfers
                    if table in (row["initiating_table"], row["responding_table"])
                    or record not in (row["initiating_id"], row["responding_id"])
                ],
                "queued": [row for row in queued if row["table"] == table],
                "central_log": [row for row in logged if row["table"] == table],
            }
            if site is not None:
                part["site"] = why_site.why(hub, record, part, site)
            told.append(part)
    return {"record": record, "tables": told}


def _routed(stands: dict[str, Any]) -> dict[str, Any]:
    """How a record stands, with where such records go and the rule that says so."""
    return stands | {
        key: cell
        for row in registry.read_rows("route")
        if row["route"] == (stands["route"] or "none")
        for key, cell in row.items()
    }


def _reasoned(change: dict[str, Any]) -> dict[str, Any]:
    """A change with its rule, and what its outcome means where it was not simply accepted."""
    reason = registry.reasons().get(change["outcome"] or "")
    return {key: cell for key, cell in change.items() if key != "cursor"} | {
        "rule": reason.rule if reason else None,
        "meaning": reason.description if reason else None,
    }
