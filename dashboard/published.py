"""The published file: which it is now, what it says of itself, the clock it is read with."""

from collections.abc import Generator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import BoundedSemaphore

import duckdb
import polars as pl
import streamlit as st

from dashboard import access, written
from pipelines import settings
from warehouse import report
from warehouse.filters import Filters
from warehouse.scope import Scope

AT_ONCE = 2  # questions that are worked on; more would be no faster, and want their memory
MEMORY = "250MB"  # what each may keep in memory; with more it would be no faster
LOOKED = 0.1  # seconds between two looks at whether the page is still wanted
_turns = BoundedSemaphore(AT_ONCE)


@contextmanager
def _turn() -> Generator[None]:
    """Wait for a turn; a page that was left meanwhile asks nothing."""
    while not _turns.acquire(timeout=LOOKED):
        st.session_state.get("url:page")  # where Streamlit stops a page that was left
    try:
        yield
    finally:
        _turns.release()


@contextmanager
def _in_turn(
    opening: AbstractContextManager[duckdb.DuckDBPyConnection],
) -> Generator[duckdb.DuckDBPyConnection]:
    with _turn(), opening as con:
        yield con


@dataclass(frozen=True)
class Snapshot:
    """Which file is published, and what of it is seen: another cycle's differs in one of these."""

    path: Path
    inode: int
    changed: int
    size: int
    scope: Scope

    def opened(
        self, filters: Filters | None = None
    ) -> AbstractContextManager[duckdb.DuckDBPyConnection]:
        """The file as it may be seen, narrowed by filters; waits while others ask much."""
        return _in_turn(report.opened(self.path, filters, self.scope, MEMORY))

    def report(self, name: str, filters: Filters | None = None) -> pl.DataFrame:
        """A report of what may be seen."""
        with _turn():
            return report.read(self.path, name, filters, self.scope, MEMORY)


@dataclass(frozen=True)
class Published:
    """What the published file says of itself; `clock` is its cycle's, in UTC."""

    cycle: int
    clock: datetime
    warning_days: int
    alert_days: int
    simulated: bool

    @property
    def when(self) -> str:
        """The clock as it is written in the language that is spoken."""
        return written.moment(self.clock)


def find() -> Snapshot | None:
    """The file that is published now, for who looks; None before the first cycle."""
    path = access.home().reports
    try:
        told = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    return Snapshot(path, told.st_ino, told.st_mtime_ns, told.st_size, access.user().scope)


def current() -> Snapshot:
    """The file that is published now; if it has gone since the page began, opening it says so."""
    return find() or Snapshot(access.home().reports, 0, 0, 0, access.user().scope)


def read() -> Published:
    """What the published file says of itself."""
    return _read(current())


@st.cache_data(show_spinner=False, max_entries=4)
def _read(snapshot: Snapshot) -> Published:
    with snapshot.opened() as con:
        told = con.execute(
            "select cycle, clock, lag_warning_days, lag_alert_days, simulated from marts.published"
        ).fetchall()
    cycle, clock, *others = told[0]
    return Published(cycle, clock.replace(tzinfo=UTC), *others)


def day_clock() -> datetime:
    """The clock of reports that know days only, so that what is cached lasts.

    In every time zone a day begins on a quarter of an hour.
    """
    now = settings.now()
    return now - timedelta(minutes=now.minute % 15, seconds=now.second)


def minute_clock() -> datetime:
    """The clock of the sync report, to the minute."""
    return settings.now().replace(second=0)
