"""Rebuilds the warehouse from the archive: every cycle again, with its clock and its segments."""

from collections.abc import Callable
from pathlib import Path

from pipelines import archive, cycle, quiet, records
from pipelines.archive import Manifest
from pipelines.errors import MainstemError
from pipelines.home import Home, lock
from pipelines.hub import Hub
from warehouse import engine

# Of every cycle; files are published once, from the last one's state.
EACH = ("landing", "collector", "making", "transfers", "routing", "outbox")


def rebuild(home: Home, tell: Callable[[int, int], object] = lambda _done, _of: None) -> int:
    """Make the warehouse, the outbox and the reports anew, to the same state; how many cycles.

    The old warehouse stands until the new one is whole. `tell` hears cycles done and in all.
    """
    quiet.hush()
    settings = home.settings()
    with lock(home):
        archive.finish(home)
        manifests = archive.manifests(home)
        for manifest in manifests:
            if damaged := archive.damage(manifest):
                raise MainstemError(
                    f"{damaged[0]} in the archive is not what was ingested. "
                    "Restore it from a backup; nothing was changed."
                )
        made = home.path / ".warehouse.duckdb.rebuild"
        _remove(made)
        with engine.opened(made) as con:
            records.load_kinds(con)
            hub = replay(Hub(home, settings, con), manifests, tell)
            if manifests:
                cycle.stage(hub, "publish")
                home.reports.unlink(missing_ok=True)
                cycle.stage(hub, "marts")
        _remove(home.warehouse)
        made.rename(home.warehouse)
        tell(len(manifests), len(manifests))
    return len(manifests)


def replay(hub: Hub, manifests: list[Manifest], tell: Callable[[int, int], object]) -> Hub:
    """Do archived cycles again in an open warehouse, all but files and reports; the last one."""
    for done, manifest in enumerate(manifests):
        tell(done, len(manifests))
        hub = Hub(
            hub.home,
            hub.settings,
            hub.con,
            manifest.cycle,
            manifest.clock,
            manifest.segments,
            manifest.requests,
        )
        for name in EACH:
            cycle.stage(hub, name)
        cycle.mark(hub, "archive")
    return hub


def _remove(warehouse: Path) -> None:
    for path in (warehouse, warehouse.with_name(f"{warehouse.name}.wal")):
        path.unlink(missing_ok=True)
