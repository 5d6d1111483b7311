"""Routing: from this cycle's changed records to the sites that get them, one file per rule."""

from pipelines import sql
from pipelines.hub import Hub

MODELS = sql.models("pipelines/routing")
ORDER = ("changed", "visible", "central", "central_store", "store", "deleted", "route")


def route(hub: Hub) -> None:
    """Find where this cycle's changes go: the central log (routing.central), queues (…route)."""
    for name in ORDER:
        sql.run(hub.con, MODELS[f"routing.{name}"])
    (routed,) = hub.one("select count(*) from routing.route")
    hub.count("routed", routed)
