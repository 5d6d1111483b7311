"""What is kept of how cycles were judged, and which run of Dagster each was."""

import sqlite3
import threading
from pathlib import Path

import pytest
import tiny

from pipelines import history, loop
from pipelines.errors import MainstemError
from pipelines.hub import Hub
from quality.judge import JudgeError
from quality.suites import suites


def ledger(hub: Hub) -> list[tuple[int, int, int]]:
    """Cycle, rows and broken of what is kept of the suite `ledger`."""
    kept = [row for row in history.judged(hub.home) if row["suite"] == "ledger"]
    return [(row["cycle"], row["rows"], row["broken"]) for row in kept]


def test_what_the_suites_say_of_the_last_cycles_is_kept(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert history.judged(hub.home) == [] and history.runs(hub.home) == {}
    hub.con.execute("detach broken")
    hub.cycle = 1
    told = history.judge(hub, suites())
    assert [suite for suite, _ in told] == list(suites()) and ledger(hub) == [(1, 1, 0)]
    hub.con.execute(f"attach '{hub.home.reports}' as broken")
    hub.con.execute("update broken.marts.stock_line set packs = 9")
    hub.con.execute("detach broken")
    hub.cycle = 2
    history.judge(hub, suites())
    assert ledger(hub) == [(2, 1, 1), (1, 1, 0)]
    (row,) = [row for row in history.judged(hub.home) if row["broken"] and row["suite"] == "ledger"]
    assert row["sample"][0]["gap"] == 100 and row["severity"] == "warning"
    for cycle in (1, 2):
        history.keep_run(hub.home, cycle, f"run {cycle}")
    monkeypatch.setattr(history, "KEEP", 1)
    hub.cycle = 3
    history.judge(hub, suites())
    history.keep_run(hub.home, 3, "run 3")
    assert ledger(hub) == [(3, 1, 1)] and history.runs(hub.home) == {3: "run 3"}


def test_a_suite_that_cannot_be_judged_is_kept_as_broken(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise JudgeError("no such column")

    monkeypatch.setattr(history.judging, "judge", fail)
    hub.con.execute("detach broken")
    history.judge(hub, suites()[:1])
    (row,) = history.judged(hub.home)
    assert (row["says"], row["severity"], row["broken"]) == (history.JUDGE, "critical", 1)
    assert row["sample"] == [{"error": "no such column"}]


def test_a_damaged_file_is_told_of_until_a_cycle_begins_it_anew(hub: Hub) -> None:
    hub.home.history.write_bytes(b"nothing" * 1000)
    with pytest.raises(MainstemError, match="delete it"):
        history.judged(hub.home)
    history.keep_run(hub.home, 1, "run")
    assert history.judged(hub.home) == [] and history.runs(hub.home) == {1: "run"}
    for number in range(2, 200):
        history.keep_run(hub.home, number, f"run {number}")
    whole = hub.home.history.read_bytes()
    hub.home.history.write_bytes(whole[: len(whole) // 2])
    history.keep_run(hub.home, 200, "run 200")
    assert history.runs(hub.home) == {200: "run 200"}


def test_a_file_that_is_in_use_is_not_dropped(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    history.keep_run(hub.home, 1, "run 1")
    monkeypatch.setattr(history, "PATIENCE", 0.1)
    with sqlite3.connect(hub.home.history, isolation_level=None) as other:
        other.execute("begin exclusive")
        with pytest.raises(MainstemError, match="locked"):
            history.keep_run(hub.home, 2, "run 2")
        other.execute("rollback")
    assert history.runs(hub.home) == {1: "run 1"}


def test_the_loop_has_a_cycle_judged_now_and_then(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, stop = tiny.make(tmp_path / "home"), threading.Event()
    monkeypatch.setattr(loop, "_tell", lambda *_: stop.set())  # one cycle
    loop.run(here, stop)
    assert history.judged(here) == []
    tiny.send(here, 101, "000009", [tiny.stock_line(quantity=9)])
    monkeypatch.setattr(loop, "JUDGED", -1)
    stop.clear()
    loop.run(here, stop)
    assert {row["suite"] for row in history.judged(here)} >= {"landing", "stock", "ledger"}
