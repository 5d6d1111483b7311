"""Backup and restore: nothing that is still there is lost, no number is given twice (rule I5)."""

import json
import multiprocessing
import shutil
import signal
import sqlite3
from contextlib import closing
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import Any

import dying
import pytest
from builders import (
    country,
    files,
    held,
    item,
    item_line,
    outbox,
    push,
    put,
    read,
    receipt,
    reports,
    run,
    waiting,
)

from pipelines import home as homes
from pipelines.admin import numbers
from pipelines.admin.backup import backup
from pipelines.admin.rebuild import rebuild
from pipelines.admin.restore import restore
from pipelines.admin.verify import verify
from pipelines.errors import CycleRunningError, MainstemError
from pipelines.home import Home

COPY = {"ID": "COPY", "store_ID": "S101", "site_ID": 102, "sync_type": "collector"}
DAY = "2018-06-{:02d}T06:00:00"
ANEW = {"initialise": 102, "own": False, "file": "restored.json"}


def cycle(home: Home, number: int) -> dict[str, Any]:
    """A cycle in which site 101 changes its stock and the central adds an item."""
    push(home, 101, f"{number:03d}", [item_line("S101", "AMOX", number)])
    push(home, 1, f"{number:03d}", [item(f"ITEM{number}")])
    return run(home, DAY.format(number))


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, Path]:
    """A home after five cycles, and a backup of it after three; neither to be changed.

    In its second cycle a line was refused, so its quarantine has an id.
    """
    folder = tmp_path_factory.mktemp("begun")
    home = homes.make(folder / "home")
    push(home, 1, "001", [*country(), put("store_site", COPY)])
    push(home, 101, "001", [*receipt("S101", "2018-05-01", 5), item_line("S101", "AMOX", 5)])
    run(home, DAY.format(1))
    push(home, 102, "002", [item_line("S101", "ORS", 1)])
    cycle(home, 2)
    cycle(home, 3)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MAINSTEM_NOW", DAY.format(3))
        backup(home, folder / "backups")
    cycle(home, 4)
    cycle(home, 5)
    return home, folder / "backups"


@pytest.fixture
def home(begun: tuple[Home, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A copy of the home after five cycles, to change."""
    monkeypatch.setenv("MAINSTEM_NOW", DAY.format(6))
    return Home(Path(shutil.copytree(begun[0].path, tmp_path / "home")))


@pytest.fixture
def backups(begun: tuple[Home, Path], tmp_path: Path) -> Path:
    """A copy of the folder with the backup after three cycles, to change."""
    return Path(shutil.copytree(begun[1], tmp_path / "backups"))


def lines(home: Home) -> dict[tuple[str, int], dict[str, Any]]:
    """Every line in the outbox by its queue and number; each number stands once."""
    found: dict[tuple[str, int], dict[str, Any]] = {}
    for folder in home.outbox.iterdir():
        for line in outbox(home, folder.name):
            key = (folder.name, line["ID" if folder.name == "central" else "sequence"])
            assert key not in found
            found[key] = line
    return found


def state(home: Home) -> dict[str, object]:
    """All that the outside sees of a home at rest; nothing is left lying about."""
    assert verify(home)["problems"] == []
    assert not (home.path / ".restore").exists()
    assert not list(home.path.rglob("*.part"))
    return {
        "reports": reports(home),
        "held": held(home),
        "outbox": files(home.outbox),
        "archive": files(home.archive),
        "inbox": files(home.inbox),
        "requests": files(home.requests),
    }


def rebuilt(home: Home) -> None:
    """A rebuild gives the same numbers."""
    before = reports(home), held(home), lines(home)
    rebuild(home)
    assert (reports(home), held(home), lines(home)) == before


def rebuilt_from_nothing(home: Home) -> None:
    """So does one where warehouse and outbox are gone, of what the archive tells."""
    before = reports(home), held(home), lines(home)
    shutil.rmtree(home.outbox)
    home.warehouse.unlink()
    rebuild(home)
    assert (reports(home), held(home)) == before[:2]
    assert lines(home).items() <= before[2].items()


def lose(home: Home, *cycles: int) -> None:
    """Lose what the archive has of some cycles."""
    for number in cycles:
        shutil.rmtree(home.archive / "000000" / f"{number:09d}")


def asked(home: Home, number: int) -> list[dict[str, Any]]:
    """What a cycle was asked for, by its manifest."""
    path = home.archive / "000000" / f"{number:09d}" / "manifest.json"
    return json.loads(path.read_text(encoding="utf-8"))["requests"]


def go_on(home: Home, number: int, before: dict[tuple[str, int], dict[str, Any]]) -> None:
    """A cycle on the restored home: its lines stand above all that were there before."""
    cycle(home, number)
    after = lines(home)
    assert before.items() <= after.items(), "what was given stays what it was"
    for queue in ("102", "central"):
        highest = max(place for name, place in before if name == queue)
        new = [place for name, place in after.keys() - before.keys() if name == queue]
        assert new and min(new) == highest + 1
    assert verify(home)["problems"] == []


# Backups


def test_a_backup_in_an_empty_home_is_the_same_home(home: Home, tmp_path: Path) -> None:
    (home.path / "gateway.db").unlink(missing_ok=True)
    with closing(sqlite3.connect(home.gateway)) as con:
        con.execute("create table site (number integer)")
        con.execute("insert into site values (101)")
        con.commit()
    push(home, 102, "009", [item_line("S102", "ORS", 1)])
    (home.requests / "1.json").write_text('{"retry": [1]}')
    told = backup(home, tmp_path / "new" / "backups")
    assert (told["cycle"], told["warehouse"]) == (5, True)
    other = Home(tmp_path / "other" / "home")
    restored = restore(other, tmp_path / "new" / "backups", nothing_lost=True)
    assert (restored["lacks"], restored["ahead"], restored["aside"]) == ([], [], None)
    assert state(other) == state(home)
    assert other.toml.read_bytes() == home.toml.read_bytes()
    with closing(sqlite3.connect(other.gateway)) as con:
        assert con.execute("select number from site").fetchall() == [(101,)]
    go_on(other, 6, lines(home))
    cycle(home, 6)
    assert state(other) == state(home)


def test_a_later_backup_costs_what_has_come_since_and_is_whole_alone(
    home: Home, backups: Path
) -> None:
    (first,) = backups.iterdir()
    told = backup(home, backups)
    second = Path(told["backup"])
    shared = [name for name in files(first) if name.startswith("archive/")]
    assert all((first / name).samefile(second / name) for name in shared)
    new = {"warehouse.duckdb"} | {n for n in files(second) if n.startswith("archive/")}
    assert told["copied"] == len(new - set(shared))
    shutil.rmtree(first)
    expected = state(home)
    shutil.rmtree(home.path)
    restore(home, backups, nothing_lost=True)
    assert state(home) == expected


def test_what_a_killed_backup_left_is_thrown_away(home: Home, backups: Path) -> None:
    (backups / ".20180606T060000Z.part").mkdir()
    backup(home, backups)
    assert [path.name for path in sorted(backups.iterdir())][1:] == ["20180606T060000Z"]
    assert "20180606T060000Z-2" in backup(home, backups)["backup"]


@pytest.mark.parametrize("place", ["full", "home/backups", "backups/*", "file"])
def test_a_backup_is_made_only_where_it_harms_nothing(
    place: str, home: Home, backups: Path, tmp_path: Path
) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter.txt").write_text("dear")
    (tmp_path / "file").write_text("dear")
    folder = next(tmp_path.glob(place), tmp_path / place)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    with pytest.raises(MainstemError):
        backup(home, folder)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_an_archive_that_is_not_whole_is_not_backed_up(home: Home, backups: Path) -> None:
    lose(home, 4)
    with pytest.raises(MainstemError, match="lacks cycle 4"):
        backup(home, backups)
    assert len(list(backups.iterdir())) == 1


@pytest.mark.parametrize("damage", ["cut", "gone", "behind"])
def test_a_warehouse_that_is_not_whole_is_left_out_and_made_anew(
    damage: str, home: Home, begun: tuple[Home, Path], tmp_path: Path
) -> None:
    expected = state(home)
    if damage == "cut":
        home.warehouse.write_bytes(home.warehouse.read_bytes()[:9000])
    else:
        home.warehouse.unlink()
    if damage == "behind":
        shutil.copy(next(begun[1].iterdir()) / "warehouse.duckdb", home.warehouse)
    assert not backup(home, tmp_path / "new")["warehouse"]
    other = Home(tmp_path / "other")
    restore(other, tmp_path / "new", nothing_lost=True)
    assert state(other) == expected


def test_backup_and_restore_wait_for_a_cycle_and_give_up(
    home: Home, backups: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(homes, "PATIENCE", 0.3)
    with homes.lock(home):
        for command in (backup, restore):
            with pytest.raises(CycleRunningError):
                command(home, backups)


# Restoring, nothing lost


def test_i5_cycles_that_the_archive_has_beyond_an_older_backup_come_out_as_they_were(
    home: Home, backups: Path
) -> None:
    expected = state(home)
    home.warehouse.write_bytes(b"damaged")
    said: list[str] = []
    told = restore(home, backups, announce=said.append)
    assert (told["again"], told["taken"], told["last"]) == ([4, 5], [], 5)
    assert (told["lacks"], told["ahead"], told["aside"]) == ([], [], None)
    assert "Cycles 4 to 5" in said[1]
    assert state(home) == expected
    go_on(home, 6, lines(home))
    assert not asked(home, 6)
    rebuilt(home)
    rebuilt_from_nothing(home)


def test_a_newer_backup_over_an_older_home(home: Home, backups: Path, tmp_path: Path) -> None:
    older = Home(tmp_path / "older")
    restore(older, backups, nothing_lost=True)
    assert not (older.archive / "000000" / "000000004").exists()
    backup(home, tmp_path / "newer")
    expected = state(home)
    restore(older, tmp_path / "newer", nothing_lost=True)
    assert state(older) == expected


def test_a_dry_run_says_and_does_nothing(home: Home, backups: Path) -> None:
    before = files(home.path)
    said: list[str] = []
    lose(home, 5)
    before = files(home.path)
    told = restore(home, backups, dry_run=True, announce=said.append)
    assert told["lacks"] == ["Cycle 5 is lost: what sites pushed then must be pushed again."]
    assert said[-1:] == told["lacks"]
    assert files(home.path) == before


def test_what_waits_stays_and_what_waited_is_added_once(home: Home, backups: Path) -> None:
    (kept,) = backups.iterdir()
    shutil.rmtree(kept)
    push(home, 101, "006", [item_line("S101", "AMOX", 6)])
    push(home, 101, "007", [item_line("S101", "AMOX", 7)])
    push(home, 101, "008", [item_line("S101", "AMOX", 8)])
    (home.requests / "old.json").write_text('{"retry": []}')
    backup(home, backups)
    (home.inbox / "101" / "008.ndjson").unlink()
    (home.requests / "old.json").unlink()
    run(home, DAY.format(6))
    push(home, 101, "008", [item_line("S101", "AMOX", 80)])
    (home.requests / "new.json").write_text('{"retry": []}')
    restore(home, backups)
    assert waiting(home) == ["101/!008.ndjson", "101/008.ndjson"]
    assert sorted(files(home.requests)) == ["new.json", "old.json"]
    run(home, DAY.format(7))
    assert read(home, "stock-on-hand", stores=("S101",), items=("AMOX",))["quantity"].item() == 800


# Restoring, something lost


def test_i5_a_lost_cycle_is_named_and_the_rest_is_taken_above_all_that_was_given(
    home: Home, backups: Path
) -> None:
    before, ids = lines(home), ids_given(home)
    lose(home, 4)
    told = restore(home, backups)
    assert (told["again"], told["taken"], told["last"]) == ([], [5], 4)
    assert told["lacks"] == ["Cycle 4 is lost: what sites pushed then must be pushed again."]
    assert {queue["site"] for queue in told["ahead"]} == {0, 102}
    assert Path(told["aside"], "warehouse.duckdb").is_file()
    after = lines(home)
    assert before.items() <= after.items()
    new = {key: line for key, line in after.items() if key not in before}
    whole_again(new, "102")
    assert verify(home)["lacking"] == told["lacks"]
    assert verify(home)["problems"] == []
    assert ANEW in asked(home, 4)
    go_on(home, 6, after)
    refuse_one(home, 7)
    assert ids_given(home) > ids and min(ids_given(home) - ids) > max(ids)
    rebuilt(home)


def whole_again(new: dict[tuple[str, int], dict[str, Any]], queue: str) -> None:
    """A queue's new lines begin anew, with all that the site has a copy of, parents first."""
    told = [line for (name, _), line in sorted(new.items()) if name == queue]
    assert told[0]["action"] == "reset"
    records = [line["recordId"] for line in told[1:]]
    assert {"S101", "S101-AMOX", "S101-si-2018-05-01-AMOX"} <= set(records)
    invoice = "S101-si-2018-05-01-AMOX"
    assert records.index(invoice) < records.index(f"{invoice}-AMOX")


def refuse_one(home: Home, number: int) -> None:
    """A cycle with a line that goes to quarantine, so that it is given an id."""
    push(home, 102, f"{number:03d}", [item_line("S101", f"WRONG{number}", 1)])
    run(home, DAY.format(number))


def ids_given(home: Home) -> set[int]:
    """The ids of the lines in quarantine: their landing cursors."""
    from warehouse import report

    with report.opened(home.reports) as con:
        return {id for (id,) in con.execute("select id from marts.quarantine").fetchall()}


def test_i5_a_damaged_segment_is_named_and_the_rest_of_its_cycle_is_taken(
    home: Home, backups: Path
) -> None:
    before = lines(home)
    (home.archive / "000000" / "000000004" / "000001-site101.ndjson").write_bytes(b"{}\n")
    told = restore(home, backups)
    assert (told["again"], told["taken"]) == ([], [4, 5])
    assert told["lacks"] == [
        "Segment 004.ndjson of site 101 (cycle 4) is lost: site 101 must push it again."
    ]
    records = {line["recordId"] for (queue, _), line in lines(home).items() if queue == "central"}
    assert {"ITEM4", "ITEM5"} <= records
    go_on(home, 6, before | lines(home))
    rebuilt(home)


def test_i5_a_damaged_manifest_costs_no_segment(home: Home, backups: Path) -> None:
    (home.archive / "000000" / "000000004" / "manifest.json").write_text("{")
    told = restore(home, backups)
    assert told["taken"] == [4, 5]
    assert told["lacks"] == ["The manifest of cycle 4 is damaged; its segments are taken."]
    assert read(home, "records").filter(table="item")["records"].item() == 6


@pytest.mark.parametrize("warehouse", [True, False], ids=["warehouse", "no warehouse"])
def test_i5_without_the_archive_numbers_go_on_above_the_outbox(
    warehouse: bool, home: Home, backups: Path
) -> None:
    before = lines(home)
    lose(home, 4, 5)
    if not warehouse:
        home.warehouse.unlink()
    told = restore(home, backups)
    assert told["lacks"] == ["Cycles 4 to 5 are lost: what sites pushed then must be pushed again."]
    assert [queue["given"] - queue["known"] for queue in told["ahead"]] == [2, 2]
    assert verify(home)["lacking"] == told["lacks"] and verify(home)["problems"] == []
    go_on(home, 6, before)
    requests = asked(home, 4)
    assert [request["initialise"] for request in requests if "initialise" in request] == [102]
    whole_again({key: line for key, line in lines(home).items() if key not in before}, "102")
    rebuilt(home)


def test_i5_a_central_log_that_was_rolled_back_says_again_what_the_hub_knows(
    home: Home, backups: Path
) -> None:
    push(home, 1, "006", [item("AMOX", item_name="A name that gets lost")])
    run(home, DAY.format(6))
    before = lines(home)
    lose(home, 4, 5, 6)
    restore(home, backups)
    cycle(home, 7)
    new = {key: line for key, line in lines(home).items() if key not in before}
    again = [line for (queue, _), line in sorted(new.items()) if queue == "central"]
    assert {"AMOX", "ORS", "ITEM2", "ITEM3", "ITEM7"} <= {line["recordId"] for line in again}
    (amox,) = [line for line in again if line["recordId"] == "AMOX"]
    assert amox["recordData"]["item_name"] == "Item AMOX"
    quiet = cycle(home, 8)
    assert quiet["published"]["central"] == 1, "once"


def test_i5_on_a_new_machine_numbers_leap(home: Home, backups: Path) -> None:
    before = lines(home)
    shutil.rmtree(home.path)
    told = restore(home, backups)
    assert "pushed since" in told["lacks"][0]
    cycle(home, 6)
    new = {key: line for key, line in lines(home).items() if key not in before}
    assert new
    for queue, place in new:
        assert place > max(p for name, p in before if name == queue)
        assert place > numbers.LEAP
    refuse_one(home, 7)
    assert max(ids_given(home)) > numbers.LEAP
    assert {r["initialise"] for r in asked(home, 4) if "initialise" in r} == {101, 102}
    whole_again(new, "102")
    own = [line.get("recordId") for (queue, _), line in new.items() if queue == "101"]
    assert "S101" in own and "S101-AMOX" not in own, "of its own the site may hold newer"
    rebuilt(home)


def test_i5_histories_that_parted_are_told_apart(home: Home, backups: Path, tmp_path: Path) -> None:
    other = Home(tmp_path / "other")
    restore(other, backups, nothing_lost=True)
    push(other, 101, "104", [item_line("S101", "AMOX", 104)])
    run(other, DAY.format(14))
    backup(other, tmp_path / "parted")
    before = lines(home)
    told = restore(home, tmp_path / "parted")
    assert (told["again"], told["taken"]) == ([], [4, 5])
    given = {name: max(p for n, p in before if n == name) for name in ("102", "central")}
    above = {key: line for key, line in lines(home).items() if key[1] > given.get(key[0], 0)}
    whole_again(above, "102")
    amounts = [
        line["recordData"]["quantity"]
        for _, line in sorted(above.items())
        if line.get("recordId") == "S101-AMOX"
    ]
    assert amounts[-1] == 5


# A hub that was put back by hand, or with all its home


def put_back_by_hand(home: Home, backups: Path) -> None:
    """Copy a backup's archive and warehouse over a home's, as with cp."""
    (kept,) = backups.iterdir()
    shutil.rmtree(home.archive)
    shutil.copytree(kept / "archive", home.archive)
    shutil.copy(kept / "warehouse.duckdb", home.warehouse)
    home.reports.unlink()


def test_i5_a_hub_put_back_by_hand_notices_that_its_outbox_is_ahead(
    home: Home, backups: Path
) -> None:
    before = lines(home)
    put_back_by_hand(home, backups)
    problems = verify(home)["problems"]
    for queue in ("The queue of site 102", "The central log"):
        assert [p for p in problems if p.startswith(f"{queue} was given lines through")]
    go_on(home, 6, before)
    assert ANEW in asked(home, 4)
    go_on(home, 7, lines(home))
    assert not asked(home, 5), "it is noticed once"
    rebuilt(home)


def test_i5_an_archive_that_is_ahead_is_noticed(home: Home, backups: Path) -> None:
    (kept,) = backups.iterdir()
    shutil.copy(kept / "warehouse.duckdb", home.warehouse)
    with pytest.raises(MainstemError, match="rebuild"):
        run(home, DAY.format(6))


def test_i5_a_site_that_acknowledges_what_the_hub_never_gave_is_ahead(
    home: Home, backups: Path
) -> None:
    told = {"site": 102, "sequence": 500, "central": 900}
    (home.requests / "1.json").write_text(json.dumps({"acknowledge": told}))
    cycle(home, 6)
    assert outbox(home, 102)[-1]["sequence"] > 500
    assert outbox(home, "central")[-1]["ID"] > 900
    assert ANEW in asked(home, 6)
    assert verify(home)["problems"] == []
    (home.requests / "1.json").write_text(json.dumps({"acknowledge": {**told, "sequence": 9}}))
    cycle(home, 7)
    assert not [request for request in asked(home, 7) if "initialise" in request]
    rebuilt(home)


# Damage


def damage(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize(
    "name",
    [
        "archive/000000/000000002/000001-site101.ndjson",
        "mainstem.toml",
        "backup.json",
        "cut",
        "no",
    ],
)
def test_a_damaged_backup_is_refused_and_nothing_is_changed(
    name: str, home: Home, backups: Path, tmp_path: Path
) -> None:
    (kept,) = backups.iterdir()
    if name == "cut":
        shutil.rmtree(kept / "archive")
    elif name == "no":
        shutil.rmtree(kept)
    elif name == "backup.json":
        (kept / name).write_text("{}")
    else:
        damage(kept / name)
    before = files(home.path)
    if "archive" not in name and name != "cut":
        with pytest.raises(MainstemError, match=r"damaged|holds no backup"):
            restore(home, backups)
        assert files(home.path) == before
    with pytest.raises(MainstemError, match=r"damaged|holds no backup"):
        restore(Home(tmp_path / "new" / "home"), backups)
    assert not (tmp_path / "new" / "home").exists()


def test_what_is_damaged_in_the_backup_may_be_whole_in_the_home(home: Home, backups: Path) -> None:
    (kept,) = backups.iterdir()
    damage(kept / "archive" / "000000" / "000000002" / "000001-site101.ndjson")
    damage(kept / "warehouse.duckdb")
    expected = state(home)
    restore(home, backups)
    assert state(home) == expected


def test_a_backup_of_another_hub_is_refused(backups: Path, tmp_path: Path) -> None:
    other = homes.make(tmp_path / "other")
    cycle(other, 1)
    before = files(other.path)
    with pytest.raises(MainstemError, match="another hub"):
        restore(other, backups)
    assert files(other.path) == before


def test_a_folder_that_is_no_home_is_not_overwritten(backups: Path, tmp_path: Path) -> None:
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "one.txt").write_text("dear")
    with pytest.raises(MainstemError, match="no home"):
        restore(Home(tmp_path / "letters"), backups)
    assert files(tmp_path / "letters") == {"one.txt": b"dear"}


# Killed


@pytest.fixture(scope="module")
def nursery() -> ForkServerContext:
    """Where processes come from that have imported all that a restore needs."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["dlt", "dlt.destinations", "pipelines.admin.restore"])
    return context


def kill(nursery: ForkServerContext, home: Home, backups: Path, moment: str) -> None:
    """Restore a backup over a home, and be killed at a moment."""
    child = nursery.Process(target=dying.restore, args=(home.path, backups, moment, DAY.format(6)))
    child.start()
    child.join(60)
    assert child.exitcode == -signal.SIGKILL


@pytest.mark.parametrize("moment", dying.RESTORING)
def test_after_a_killed_restore_the_home_is_the_old_one_or_the_new_one(
    moment: str, nursery: ForkServerContext, home: Home, backups: Path
) -> None:
    expected = lines(home)
    if moment not in dying.BEFORE_JOURNAL:
        # What was not there must not be taken for what is to be set aside.
        home.warehouse.unlink()
    (home.path / "mainstem.toml").write_text("# the old home's\n")
    old = files(home.path)
    kill(nursery, home, backups, moment)
    begun = (home.path / ".restore" / "journal.json").exists()
    if moment in dying.BEFORE_JOURNAL:
        now = files(home.path)
        assert {name: now[name] for name in now if not name.startswith(".restore/")} == old
    assert begun == (moment in dying.IN_JOURNAL)
    assert run(home, DAY.format(6))["cycle"] == (5 if moment in dying.UNPUBLISHED else 6)
    is_old = home.toml.read_text() == "# the old home's\n"
    assert is_old == (moment in dying.BEFORE_JOURNAL)
    assert (lines(home), verify(home)["problems"]) == (expected, [])
    assert is_old or not (home.path / ".restore").exists()


def test_a_restore_that_is_killed_time_and_again(
    nursery: ForkServerContext, home: Home, backups: Path
) -> None:
    expected = state(home)
    for moment in list(dying.RESTORING)[::3]:
        kill(nursery, home, backups, moment)
    restore(home, backups)
    assert state(home) == expected
