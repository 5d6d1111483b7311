"""The warehouse between two cycles, for commands that look into it or edit for the central."""

from collections.abc import Generator
from contextlib import contextmanager

from pipelines import archive, cycle, quiet, records
from pipelines.errors import MainstemError
from pipelines.home import Home, lock
from pipelines.hub import Hub
from warehouse import engine


@contextmanager
def cycles(home: Home) -> Generator[Hub]:
    """The hub at rest after its last cycle; waits for a running one and keeps the next one out.

    MainstemError where a cycle was cut short, or the warehouse is behind its archive: what it says
    would be half the truth.
    """
    quiet.hush()
    told = home.settings()
    with lock(home), engine.opened(home.warehouse) as con:
        hub = Hub(home, told, con)
        if cycle.unfinished(hub):
            raise MainstemError(
                "The last cycle was cut short. Run 'mainstem sync', which finishes it, first."
            )
        (hub.cycle,) = hub.one("select coalesce(max(cycle), 0) from landing.cycle")
        if (archive.folder(home, hub.cycle + 1) / "manifest.json").exists():
            raise MainstemError(
                f"The archive has cycles that {home.warehouse} lacks. Run 'mainstem rebuild' first."
            )
        records.load_kinds(con)
        records.make_typed(con)
        yield hub
