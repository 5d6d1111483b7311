"""The hub at work: what every stage of one cycle is given."""

from collections.abc import Generator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from pipelines.feed import Segment
from pipelines.home import Home
from pipelines.settings import Settings


@dataclass
class Hub:
    """One open home in one cycle.

    `con` is the warehouse's connection, `cycle` the cycle's number, `clock` the time (UTC) it
    began, `segments` what it takes in order, `requests` what it is asked for; `tally` has what the
    stages have counted, `counted` what the running one counts, `seconds` how long each took; the
    connection is `prepared` for the cycle of that number. `copied` is the published file's copy,
    which is made beside the stages (pipelines/publish.py).
    """

    home: Home
    settings: Settings
    con: duckdb.DuckDBPyConnection
    cycle: int = 0
    clock: datetime = datetime.min
    segments: list[Segment] = field(default_factory=list)
    requests: list[dict[str, Any]] = field(default_factory=list)
    tally: dict[str, int] = field(default_factory=dict)
    counted: dict[str, int] = field(default_factory=dict)
    prepared: int = 0
    seconds: dict[str, float] = field(default_factory=dict)
    copied: Future[Path] | None = None

    def one(self, query: str, *given: object) -> tuple[Any, ...]:
        """The first row of a query; an error if there is none."""
        row = self.con.execute(query, list(given)).fetchone()
        if row is None:
            raise LookupError(query)
        return row

    @contextmanager
    def committed(self) -> Generator[None]:
        """Make working tables between two transactions, before the stage writes what lasts.

        DuckDB scans with one thread what the same transaction has made.
        """
        self.con.execute("commit")
        yield
        self.con.execute("begin")

    def roll_back(self) -> None:
        """End a transaction that failed; the failed statement may have ended it already."""
        with suppress(duckdb.Error):
            self.con.execute("rollback")

    def count(self, measure: str, number: int) -> None:
        """Keep one of the cycle's figures, for its summary, Dagster and the dashboard."""
        self.counted[measure] = int(number)

    def add(self, measure: str, number: int) -> None:
        """Add to one of the cycle's figures."""
        self.count(measure, self.counted.get(measure, self.tally.get(measure, 0)) + number)

    def keep_counts(self) -> None:
        """Write what the stage has counted, in its transaction."""
        told = list(self.counted), list(self.counted.values())
        self.con.execute(
            "delete from landing.tally where cycle = ? and measure in (select unnest(?))",
            [self.cycle, told[0]],
        )
        self.con.execute(
            "insert into landing.tally select ?, unnest(?), unnest(?)", [self.cycle, *told]
        )
