"""`GET central_records` of sync v5: the central log, which every site is owed."""

from collections.abc import Mapping
from typing import Any

from pipelines.gateway.batch import limit, number, record
from pipelines.gateway.beside import Origin
from pipelines.gateway.log import Log
from pipelines.gateway.state import State
from pipelines.home import Home


class Central:
    """The central log, less what the asking site made itself (rule R11)."""

    def __init__(self, home: Home, state: State) -> None:
        self._state = state
        self._origin = Origin(home.origin)
        self._log = Log(home.outbox / "central", self._origin)
        self._passed: dict[int, tuple[int, int]] = {}  # what a site asks after, what it then gets

    def begun_anew(self, site: int) -> int:
        """Note that a site has none of it; the log's last number by now."""
        self._passed.pop(site, None)
        self._log.refresh()
        return self._log.last

    def records(self, site: int, query: Mapping[str, str]) -> dict[str, Any]:
        """`GET central_records`: the central log after a cursor, but for what the site made itself.

        What it made before it was initialised comes too: it is a device that does not have it. One
        that gets nothing is told its own cursor: it would count up to a higher one by ones.
        """
        asked, most = number(query, "cursor", 0), limit(query)
        self._log.refresh()
        last, standing = self._log.last, self._state.standing(site)
        if standing.central < asked <= last:
            self._state.change(site, central=asked)
        before, at = self._passed.get(site, (asked, asked))
        at = at if before == asked else asked
        records: list[dict[str, Any]] = []
        while not records and at < last and (lines := self._log.after(at, most)):
            for at, line in lines:
                own = at > standing.own and self._origin.of(at) == site
                if not own and (told := record(line)) is not None:
                    records.append({"ID": at, **told})
        if records:
            return {"maxCursor": last, "data": records}
        self._passed[site] = asked, at
        return {"maxCursor": asked, "data": []}
