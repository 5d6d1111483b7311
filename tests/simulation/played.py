"""A country that plays against the hub, in cycles without Dagster and dlt."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any

import duckdb
import plain

from pipelines import cycle
from pipelines.home import Home
from pipelines.simulation.country import Country
from pipelines.simulation.fleet import Fleet
from pipelines.simulation.held import Record

END = date(2026, 11, 22)
SMALL = Country(seed=3, sites=30, days=60)
PATIENCE = 12  # rounds that draining may take


@dataclass
class Played:
    """A fleet and its home; `con` is the hub's open warehouse, `summed` its cycles' figures.

    `silent` has the days since each remote site's last contact when the last day ended.
    """

    fleet: Fleet
    home: Home
    con: duckdb.DuckDBPyConnection
    summed: Counter[str] = field(default_factory=Counter)
    silent: dict[int, int] = field(default_factory=dict)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """All rows of a query on the hub's warehouse."""
        return self.con.execute(query).fetchall()

    def own(self, table: str) -> dict[str, Record]:
        """The records of a table that sites hold of their own stores, by id."""
        return {
            id: record
            for site in self.fleet.sites.values()
            for id, record in site.held.table(table).items()
            if record["store_ID"] in site.stores()
        }

    def lines(self) -> dict[str, list[Record]]:
        """The trans_lines of every store's own transacts, by the transact's id."""
        return {
            id: site.held.lines("trans_line", id)
            for site in self.fleet.sites.values()
            for id, record in site.held.table("transact").items()
            if record["store_ID"] in site.stores()
        }


def run(home: Home, evenings: Iterator[date], summed: Counter[str], most: int) -> None:
    """A cycle for each round, `most` at most."""
    for count, evening in enumerate(evenings, start=1):
        assert count <= most, "the country does not drain"
        with plain.landing() as patch:
            patch.setenv("MAINSTEM_NOW", datetime.combine(evening, time(18), UTC).isoformat())
            summary = cycle.run(home)
        summed.update({key: it for key, it in summary.items() if type(it) is int})
        summed.update(summary["transfers"])
