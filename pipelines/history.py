"""What is kept of the last cycles beside the warehouse: how the suites judged, which run each was.

It is no part of the state: a rebuild, which judges nothing, leaves it as it is, a backup has none.
Where it is damaged a cycle begins it anew, for a cycle that is published has not failed.
"""

import json
import sqlite3
from collections.abc import Generator, Iterable
from contextlib import closing, contextmanager
from typing import Any

from pipelines import counts, cycle
from pipelines.errors import MainstemError
from pipelines.home import Home
from pipelines.hub import Hub
from quality import judge as judging
from quality.judge import JudgeError, Verdict
from quality.suites import Suite

PATIENCE = 30  # seconds that a file which is in use is waited for
KEEP = 200  # cycles of which something is kept
# `judged`, a row per cycle and expectation of a suite that found rows: how many it judged, how many
# broke it, a few of those as JSON. `run`, a row per cycle that was a run of Dagster.
SCHEMA = """
create table if not exists judged (
    cycle integer, clock text, suite text, says text, severity text, rows integer, broken integer,
    sample text, primary key (cycle, suite, says)
) strict;
create table if not exists run (cycle integer primary key, run_id text) strict
"""
JUDGE = "Great Expectations can judge it."  # what a suite says that could not be judged


def keep_run(home: Home, cycle: int, run_id: str) -> None:
    """Keep which run of Dagster a cycle was."""
    with _written(home) as con:
        con.execute("insert or replace into run values (?, ?)", [cycle, run_id])
        _prune(con, "run")


def judge(hub: Hub, asked: Iterable[Suite]) -> list[tuple[Suite, Verdict | JudgeError]]:
    """Judge what the hub's cycle changed; a suite whose rows it left alone is left out.

    The cycle is done and published: where a suite could not be judged, its judge is what is broken.
    """
    told: list[tuple[Suite, Verdict | JudgeError]] = []
    with counts.with_reports(hub):
        for suite in asked:
            try:
                verdict: Verdict | JudgeError | None = judging.judge(hub.con, suite)
            except JudgeError as error:
                verdict = error
            if verdict is not None:
                told.append((suite, verdict))
    _keep(hub.home, hub.cycle, cycle.clock_of(hub.clock), told)
    return told


def _keep(
    home: Home, cycle: int, clock: str, told: Iterable[tuple[Suite, Verdict | JudgeError]]
) -> None:
    rows: list[tuple[Any, ...]] = []
    for suite, verdict in told:  # a suite that could not be judged is a row of its own
        if isinstance(verdict, JudgeError):
            sample = json.dumps([{"error": str(verdict)}])
            rows.append((cycle, clock, suite.name, JUDGE, "critical", 0, 1, sample))
            continue
        for result in verdict.results:
            one, sample = result.expectation, json.dumps(result.sample)
            broken = 0 if result.passed else max(1, result.broken)
            rows.append(
                (cycle, clock, suite.name, one.says, one.severity, verdict.rows, broken, sample)
            )
    if not rows:
        return
    with _written(home) as con:
        con.executemany("insert or replace into judged values (?, ?, ?, ?, ?, ?, ?, ?)", rows)
        _prune(con, "judged")


def judged(home: Home) -> list[dict[str, Any]]:
    """The rows of `judged`, the newest cycle first; `sample` is a list of rows."""
    told = _read(home, "select * from judged order by cycle desc, suite, rowid")
    return [row | {"sample": json.loads(row["sample"])} for row in told]


def runs(home: Home) -> dict[int, str]:
    """The run of Dagster that a cycle was, by the cycle's number."""
    return {row["cycle"]: row["run_id"] for row in _read(home, "select cycle, run_id from run")}


def _prune(con: sqlite3.Connection, table: str) -> None:
    con.execute(
        f"delete from {table} where cycle not in "
        f"(select distinct cycle from {table} order by cycle desc limit {KEEP})"
    )


def _read(home: Home, query: str) -> list[dict[str, Any]]:
    if not home.history.is_file():
        return []
    try:
        with closing(
            sqlite3.connect(f"{home.history.absolute().as_uri()}?mode=ro", uri=True)
        ) as con:
            con.row_factory = sqlite3.Row
            return [dict(row) for row in con.execute(query)]
    except sqlite3.Error as error:
        raise _broken(home, error) from error


@contextmanager
def _written(home: Home) -> Generator[sqlite3.Connection]:
    try:
        _renew(home)
        with closing(sqlite3.connect(home.history, timeout=PATIENCE)) as con, con:
            con.executescript(SCHEMA)
            yield con
    except sqlite3.Error as error:
        raise _broken(home, error) from error


def _renew(home: Home) -> None:
    """Drop a file that is not whole."""
    try:
        with closing(sqlite3.connect(home.history, timeout=PATIENCE)) as con:
            whole = con.execute("pragma quick_check(1)").fetchall() == [("ok",)]
    except sqlite3.OperationalError:  # locked, or no disk: that is not its fault
        raise
    except sqlite3.DatabaseError:
        whole = False
    if not whole:
        home.history.unlink()


def _broken(home: Home, error: sqlite3.Error) -> MainstemError:
    return MainstemError(
        f"{home.history} cannot be used: {error}. If it is damaged, delete it: it holds only how "
        "cycles were judged."
    )
