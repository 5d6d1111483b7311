"""Routing: from this cycle's changed records to the sites that get them, one file per rule.

First who sees what is brought up to date (`tie`, `store_at`), and what that opens to whom
(`fresh_…`). Then what changed, for every site, and what a site newly asks for, for that site
alone, become `due`: the same rules decide on both, and on a whole initialisation.
"""

from pipelines import collector, records, registry, sql
from pipelines.hub import Hub

MODELS = sql.models("pipelines/routing")
VISIBILITY = (
    "open_site", "initialised", "spared", "touched_join", "untied", "tie", "touched_store",
    "was_at", "store_at", "fresh_store", "fresh_dispensary", "touched", "fresh_name",
    "fresh_prescriber",
)  # fmt: skip
ASKED = (
    "routed", "moved", "concerned", "half", "changed", "sent_half", "half_seen", "received",
    "introduction", "whole_record", "hanging", "wanted", "wanted_merge", "offered", "has", "due",
    "about", "store_seen", "name_seen", "prescriber_seen",
)  # fmt: skip
# The rules: the routes that the registry names, and what goes anywhere besides.
ROUTES = (
    "central", "central_dispensary", "central_store", "store", "patient", "prescription",
    "prescriber", "name", "message",
)  # fmt: skip
BESIDES = ("merge", "deleted", "transfer", "introduced")
ORDER = (*VISIBILITY, *ASKED, *ROUTES, *BESIDES, "route")


def route(hub: Hub) -> None:
    """Find where this cycle's changes go: the central log (routing.central), queues (…route)."""
    if _idle(hub):
        hub.con.execute("delete from routing.central; delete from routing.route")
        hub.count("routed", 0)
        return
    collector.stand(hub)
    hub.con.execute(f"create or replace temp view named as {_named()}")
    for name in ORDER:
        sql.run(hub.con, MODELS[f"routing.{name}"])
    (routed,) = hub.one("select count(*) from routing.route where action <> 'reset'")
    hub.count("routed", routed)


def _idle(hub: Hub) -> bool:
    """Whether this cycle changed nothing and is asked for nothing; the first one never is."""
    (idle,) = hub.one(
        """
        select not exists (from collector.record where cycle = $1)
            and not exists (from collector.verdict where cycle = $1 and outcome = 'accepted')
            and not exists (from request)
            and (
                select count(*) from duckdb_tables()
                where schema_name = 'routing' and table_name in ('central', 'route')
            ) = 2
        """,
        hub.cycle,
    )
    return idle


def _named() -> str:
    """What says something of a name, by the registry: name data, joins to patients."""
    tables = {
        kind.table_name
        for kind in registry.record_kinds()
        if kind.route in ("name", "patient") and not kind.parent_table
    }
    return " union all ".join(
        f'select \'{table}\' as table_name, "ID" as record_id, "{key}" as name_id '
        f'from records."{table}"'
        for table in sorted(tables)
        for key, refers_to in records.references().get(table, {}).items()
        if refers_to == "name"
    )
