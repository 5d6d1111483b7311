"""kill -9 at any moment of a cycle: the next one ends where an undisturbed one would have.

Once-only does not hang on luck: every stage is one transaction with its mark, and what a stage does
to files is completed by doing it again (rule O14; README, How it works).
"""

import multiprocessing
import shutil
import signal
from datetime import date
from multiprocessing.context import ForkServerContext
from pathlib import Path

import dying
import pytest
from builders import (
    SUPPLIER,
    country,
    delete,
    files,
    held,
    issue,
    item_line,
    name,
    push,
    put,
    receipt,
    reports,
    run,
    stock_then,
    store,
    trans_line,
    transact,
)

from pipelines import home as homes
from pipelines.admin import quarantine
from pipelines.admin.rebuild import rebuild
from pipelines.admin.verify import verify
from pipelines.home import Home

FIRST, SECOND, THIRD = "2018-06-01T06:00:00", "2018-06-02T06:00:00", "2018-06-03T06:00:00"
LATER = "2018-06-02T18:00:00"
BEFORE_LANDING = (
    "while the reports are copied", "while dlt extracts", "before landing commits",
)  # fmt: skip
AS_OF = date(2018, 5, 20)


SAID_TWICE = [*receipt("S102", "2018-05-03", 7), item_line("S102", "AMOX", 7)]
COPY = {"ID": "COPY", "store_ID": "S101", "site_ID": 103, "sync_type": "collector"}
WRONG_SITE = item_line("MOVES", "ORS", 5)


def push_first(home: Home) -> None:
    """Three sites with some stock; a line whose invoice has not come; one of the wrong site."""
    moves = [name("MOVES"), store("MOVES", 103)]
    push(home, 1, "1", [*country((101, 102, 103)), *moves, put("store_site", COPY)])
    push(home, 101, "1", [*receipt("S101", "2018-05-02", 20), item_line("S101", "AMOX", 20)])
    push(home, 101, "2", [trans_line("EARLY", "ORS", "stock_in", 3), item_line("S101", "ORS", 3)])
    push(home, 102, "1.ndjson.gz", SAID_TWICE)
    push(home, 102, "2", [WRONG_SITE])


def push_second(home: Home) -> None:
    """What was waited for, changed, deleted, moved, refused, malformed, cut, sent twice."""
    late = [trans_line("LATE", "AMOX", "stock_in", 2), item_line("S104", "AMOX", 4)]
    push(home, 1, "2", [store("MOVES", 102), store("S102", 102, name="Store of a new name")])
    push(home, 101, "3", [*issue("S101", "2018-05-10", 4), item_line("S101", "AMOX", 16)])
    push(home, 101, "4", [transact("EARLY", "S101", "si", SUPPLIER, "2018-05-11"), *late])
    push(home, 101, "5", [delete("item_line", "S101-ORS")])
    push(home, 102, "3", ['{"tableName": "item_line", ', delete("item_line", "S101-AMOX")])
    push(home, 102, "4.ndjson.zst", [*issue("S102", "2018-05-12", 1), item_line("S102", "AMOX", 6)])
    push(home, 102, "5", SAID_TWICE)
    push(home, 103, "1", [*receipt("S103", "2018-05-14", 9), item_line("S103", "AMOX", 9)])
    cut = push(home, 103, "2.ndjson.gz", [item_line("S103", "ORS", 1)])
    cut.write_bytes(cut.read_bytes()[:-9])


def ask_again(home: Home) -> None:
    """Ask that the line of the wrong site be judged again: its store has moved to that site."""
    (wrong,) = quarantine.listed(home, reason="not_owner")
    assert wrong["record"] == WRONG_SITE["recordId"]
    quarantine.retry(home, [wrong["id"]])


def push_third(home: Home) -> None:
    """More of the same, some of it settled by what came before."""
    push(home, 101, "6", [transact("LATE", "S101", "si", SUPPLIER, "2018-05-15")])
    push(home, 103, "3", [*issue("S103", "2018-05-16", 2), item_line("S103", "AMOX", 7)])


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home after its first cycle, with all that the second one will find; not to be changed."""
    made = homes.make(tmp_path_factory.mktemp("begun") / "home")
    push_first(made)
    run(made, FIRST)
    push_second(made)
    ask_again(made)
    return made


def copied(home: Home, to: Path) -> Home:
    return Home(Path(shutil.copytree(home.path, to)))


def state(home: Home) -> dict[str, object]:
    """All that the outside sees of a home at rest; nothing is left lying about."""
    assert verify(home)["problems"] == []
    assert not files(home.inbox) and not files(home.requests)
    assert not list(home.path.rglob("*.part"))
    return {
        "reports": reports(home),
        "stock as of a day": stock_then(home, AS_OF),
        "held": held(home),
        "outbox": files(home.outbox),
        "archive": files(home.archive),
    }


@pytest.fixture(scope="module")
def undisturbed(begun: Home, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home after a second cycle that nothing disturbed; not to be changed."""
    home = copied(begun, tmp_path_factory.mktemp("undisturbed") / "home")
    summary = run(home, SECOND)
    assert (summary["quarantined"], summary["deferred"], summary["released"]) == (3, 2, 2)
    assert summary["duplicate"] == 3
    assert summary["published"]["sites"] > 0 and summary["published"]["central"] == 0
    return home


@pytest.fixture(scope="module")
def expected(undisturbed: Home) -> dict[str, object]:
    return state(undisturbed)


@pytest.fixture(scope="module")
def nursery() -> ForkServerContext:
    """Where processes come from that have imported all that a cycle needs."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["dlt", "dlt.destinations", "pipelines.cycle"])
    return context


def kill(nursery: ForkServerContext, home: Home, moment: str) -> None:
    """Run a cycle that is killed at a moment."""
    child = nursery.Process(target=dying.run, args=(home.path, moment, SECOND))
    child.start()
    child.join(60)
    assert child.exitcode == -signal.SIGKILL


@pytest.mark.parametrize("moment", dying.MOMENTS)
def test_o14_a_killed_cycle_is_finished_by_the_next(
    moment: str,
    nursery: ForkServerContext,
    begun: Home,
    expected: dict[str, object],
    tmp_path: Path,
) -> None:
    home = copied(begun, tmp_path / "home")
    kill(nursery, home, moment)
    # A cycle that has landed keeps the clock that it began with.
    run(home, SECOND if moment in BEFORE_LANDING else LATER)
    assert state(home) == expected


def test_o14_killed_time_and_again(
    nursery: ForkServerContext, begun: Home, expected: dict[str, object], tmp_path: Path
) -> None:
    home = copied(begun, tmp_path / "home")
    for moment in [*dying.MOMENTS][::2]:
        kill(nursery, home, moment)
    run(home, LATER)
    assert state(home) == expected


def test_what_comes_after_a_kill_is_taken_once_the_killed_cycle_is_finished(
    nursery: ForkServerContext, begun: Home, undisturbed: Home, tmp_path: Path
) -> None:
    calm = copied(undisturbed, tmp_path / "calm")
    push_third(calm)
    assert run(calm, THIRD)["released"] == 1
    home = copied(begun, tmp_path / "home")
    kill(nursery, home, "in the middle of the move to the archive")
    push_third(home)
    summary = run(home, THIRD)
    assert (summary["cycle"], summary["changes"], summary["released"]) == (3, 4, 1)
    assert state(home) == state(calm)


def test_rebuild_gives_the_same_state_as_the_killed_cycle(
    nursery: ForkServerContext, begun: Home, expected: dict[str, object], tmp_path: Path
) -> None:
    home = copied(begun, tmp_path / "home")
    kill(nursery, home, "inside the marts")
    home.warehouse.unlink()
    assert rebuild(home) == 2
    assert state(home) == expected


def test_rebuild_finishes_the_move_to_the_archive(
    nursery: ForkServerContext, begun: Home, expected: dict[str, object], tmp_path: Path
) -> None:
    home = copied(begun, tmp_path / "home")
    kill(nursery, home, "in the middle of the move to the archive")
    assert files(home.inbox)
    home.warehouse.unlink()
    assert rebuild(home) == 2
    assert state(home) == expected
