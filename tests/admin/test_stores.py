"""The commands of stores: added, one or a country of them, and moved to another site."""

import gzip
import json
import os
import shutil
from pathlib import Path
from typing import Any

import duckdb
import pytest
from builders import files, held, item_line, outbox, push, put, read, run, site, waiting
from edits import edited, settle, unchanged
from said import Call, complains

from pipelines import home as homes
from pipelines.home import Home
from warehouse import engine


def add(code: str, number: int, *more: str) -> tuple[str, ...]:
    """The command that adds a store."""
    return ("store", "add", "--code", code, "--name", f"Store {code}", "--site", str(number), *more)


def active_at(home: Home) -> dict[str, list[int]]:
    """Where stores are active, by code, as the reports have it."""
    with duckdb.connect() as con:
        con.execute(f"attach '{home.reports}' as reports (read_only)")
        rows = con.execute("select store_code, site from reports.marts.store").fetchall()
    found: dict[str, list[int]] = {}
    for code, number in sorted(rows):
        found.setdefault(code, []).append(number)
    return found


def test_a_store_is_added_with_its_name(home: Home, call: Call) -> None:
    (told,) = call(*add("KMK", 101, "--mode", "dispensary", "--json"), at=home).json["stores"]
    lines = {table: record for _, table, record in edited(home) if record}
    assert (lines["name"]["ID"], lines["store"]["ID"]) == (told["name_id"], told["store_id"])
    assert (lines["name"]["type"], lines["name"]["code"]) == ("store", "KMK")
    assert lines["store"] == {
        "ID": told["store_id"], "code": "KMK", "name": "Store KMK", "name_ID": told["name_id"],
        "sync_id_remote_site": 101, "store_mode": "dispensary", "disabled": False,
        "created_date": "2018-07-02", "logo": "",
    }  # fmt: skip
    assert run(home)["accepted"] == 2
    assert active_at(home)["KMK"] == [101]
    push(home, 101, "9", [item_line(told["store_id"], "AMOX", 1)])
    assert run(home)["accepted"] == 1


def test_a_site_its_store_and_a_second_one_before_anything_is_synced(
    home: Home, call: Call
) -> None:
    call("site", "add", "--id", 105, "--name", "Phone", "--kind", "mobile", at=home)
    assert call(*add("FIRST", 105), at=home).status == 0
    complains(call(*add("SECOND", 105), at=home), "mobile site")
    complains(call(*add("FIRST", 101), at=home), "exists already")
    assert call("store", "move", "FIRST", "--to", 106, at=home).status == 1
    assert run(home)["accepted"] == 3
    assert active_at(home)["FIRST"] == [105]


def test_v7_a_store_may_be_active_on_the_central_itself(home: Home, call: Call) -> None:
    assert call(*add("HQ", 1), at=home).status == 0
    run(home)
    assert active_at(home)["HQ"] == [1]


def test_a_name_that_no_store_has_is_taken(home: Home, call: Call) -> None:
    name = put("name", {"ID": "FREE", "code": "KMK", "name": "Kama", "type": "store"})
    other = put("name", {"ID": "AFREE", "code": "KMK", "name": "Kama", "type": "facility"})
    push(home, 1, "2", [name, other])
    (told,) = call(*add("KMK", 101, "--json"), at=home).json["stores"]
    assert (told["name_id"], told["name_missing"]) == ("FREE", False)
    assert [table for _, table, _ in edited(home)] == ["name", "name", "store"]
    (told,) = call(*add("KMK2", 101, "--json"), at=home).json["stores"]
    assert told["name_id"] not in ("FREE", "NAMES101")


def test_v8_in_a_mirrored_system_the_primary_makes_the_name(mirrored: Home, call: Call) -> None:
    push(mirrored, 1, "1", [site(2), site(101)])
    push(mirrored, 2, "1", [put("name", {"ID": "MADE", "code": "A", "name": "A", "type": "store"})])
    run(mirrored)
    said = call(*add("B", 101), at=mirrored)
    (told,) = call(*add("A", 101, "--json"), at=mirrored).json["stores"]
    assert (told["name_id"], told["name_missing"]) == ("MADE", False)
    records = [record for _, table, record in edited(mirrored) if record and table == "store"]
    assert [table for _, table, _ in edited(mirrored)] == ["store", "store"]
    assert records[0]["name_ID"] in said.out and "primary must make the name" in said.out
    assert run(mirrored)["quarantined"] == 0


def test_v8_what_the_name_is_to_say_of_its_place_is_told_where_the_primary_makes_it(
    mirrored: Home, call: Call, tmp_path: Path
) -> None:
    push(mirrored, 1, "1", [site(2), site(101)])
    run(mirrored)
    stores = tmp_path / "stores.csv"
    stores.write_text("code,name,site,region\nB,B,101,Nord-Est\n", encoding="utf-8")
    assert (
        'custom_data {"region": "Nord-Est"}.'
        in call("store", "add", "--csv", stores, at=mirrored).out
    )


COUNTRY = """code,name,site,mode,region,district,type,latitude,longitude
C1,Clinic 1,101,,North,Lake,clinic,-7.25,-5.5
C2,Clinic 2,102,Dispensary,South,,,,
"""


def test_stores_come_from_a_csv_with_their_places(home: Home, call: Call, tmp_path: Path) -> None:
    file = tmp_path / "stores.csv"
    file.write_text(COUNTRY, encoding="utf-8")
    told = call("store", "add", "--csv", file, "--json", at=home).json["stores"]
    assert [row["code"] for row in told] == ["C1", "C2"]
    assert run(home)["accepted"] == 4
    names = [record for _, table, record in edited_before(home) if table == "name"]
    assert names[0]["custom_data"] == {
        "region": "North", "district": "Lake", "type": "clinic", "latitude": -7.25,
        "longitude": -5.5,
    }  # fmt: skip
    assert names[1]["custom_data"] == {"region": "South"}
    assert read(home, "stock-value", regions=("North",)).height == 2
    assert "2 stores" not in call("store", "add", "--csv", file, at=home).out


def edited_before(home: Home) -> list[tuple[str, str, dict[str, Any]]]:
    """The lines of the central's newest segment in the archive."""
    path = sorted(home.archive.glob("*/*/*-site1.ndjson"))[-1]
    lines = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    return [(line["action"], line["tableName"], line["recordData"]) for line in lines]


BAD_ROWS = """code,name,site,mode,latitude,longitude
C1,Good,101,,,
,No code,101,,,
C2,,101,,,
C1,Twice,101,,,
S101,Taken,101,,,
C3,Nowhere,999,,,
C4,Disabled,104,,,
C5,Full,103,,,
C6,Mode,101,ward,,
C7,Site,x,,,
C8,Far,101,,91,
C9,Far,101,,,east
HIS,Reserved,101,,,
"""


def test_every_bad_row_is_named_and_nothing_is_written(
    home: Home, call: Call, tmp_path: Path
) -> None:
    file = tmp_path / "stores.csv"
    file.write_text(BAD_ROWS, encoding="utf-8")
    before = files(home.path)
    said = call("store", "add", "--csv", file, at=home)
    *rows, last = said.err.splitlines()
    assert (said.status, said.bytes) == (1, b"")
    assert [row.split(":")[0] for row in rows] == [f"line {n}" for n in range(3, 15)]
    assert "Nothing of" in last
    assert unchanged(home, before)


def test_all_that_is_wrong_with_a_row_is_named(home: Home, call: Call, tmp_path: Path) -> None:
    file = tmp_path / "stores.csv"
    head = "code,name,site,mode,latitude,longitude\n"
    file.write_text(f"{head}HIS,,x,ward,91,east\nS101,,999,,,\n", encoding="utf-8")
    first, second, _ = call("store", "add", "--csv", file, at=home).err.splitlines()
    for what in ("HIS", "name is empty", "site is 'x'", "'ward'", "'91'", "'east'"):
        assert first.count(what) == 1, first
    for what in ("S101 exists", "name is empty", "site 999 does not exist"):
        assert second.count(what) == 1, second
    assert first.count(";") == 5 and second.count(";") == 2


def test_a_country_of_five_thousand_stores_is_one_segment(
    home: Home, call: Call, tmp_path: Path
) -> None:
    file = tmp_path / "stores.csv"
    rows = [f"C{n},Clinic {n},{101 + n % 2},,{n / 100}" for n in range(5000)]
    file.write_text("\n".join(["code,name,site,mode,latitude", *rows]), encoding="utf-8")
    assert "5000 stores added" in call("store", "add", "--csv", file, at=home).out
    assert len(waiting(home)) == 1
    assert run(home)["accepted"] == 10_000


# Moving


def test_v3_a_store_moves_when_nothing_is_queued_or_waits(home: Home, call: Call) -> None:
    complains(call("store", "move", "S101", "--to", 102, at=home), "queued", "--force", "--dry-run")
    settle(home)
    before = files(home.path)
    told = call("store", "move", "S101", "--to", 102, "--dry-run", "--json", at=home).json
    assert (told["allowed"], told["moved"], told["from_site"]) == (True, False, 101)
    assert unchanged(home, before)
    said = call("store", "move", "S101", "--to", 102, at=home)
    assert (said.status, "from site 101 to site 102" in said.out) == (0, True)
    run(home)
    assert active_at(home)["S101"] == [102]


@pytest.mark.parametrize("what", ["queued", "a segment", "a line", "their own"])
def test_v3_what_is_queued_or_waits_keeps_a_store_where_it_is(
    what: str, home: Home, call: Call
) -> None:
    if what == "a line":
        push(home, 101, "9", [item_line("UNKNOWN", "AMOX", 1)])
        run(home)
    if what != "queued":
        settle(home)
    if what == "a segment":
        push(home, 101, "9", [item_line("S101", "AMOX", 1)])
    if what == "their own":
        (home.inbox / "101" / ".9.ndjson.part").write_text("", encoding="utf-8")
        push(home, 103, "9", [])
    dry = call("store", "move", "S101", "--to", 102, "--dry-run", "--json", at=home).json
    assert dry["moved"] is False
    said = call("store", "move", "S101", "--to", 102, at=home)
    if what == "their own":
        assert (dry["allowed"], said.status) == (True, 0), "no other site, no half-written file"
        return
    word = {"queued": "record", "a segment": "1 segment waiting", "a line": "1 line deferred"}[what]
    complains(said, word, "Site 101", "--force")
    assert not dry["allowed"] and edited(home) == []
    forced = call("store", "move", "S101", "--to", 102, "--force", "--json", at=home).json
    assert (forced["moved"], forced["losses"]) == (True, dry["losses"])
    assert len(forced["losses"]) > 1
    assert edited(home)[0][1] == "store"


def test_v4_what_the_old_site_still_pushes_is_set_aside_and_shown(home: Home, call: Call) -> None:
    push(home, 101, "8", [item_line("S101", "AMOX", 1)])
    run(home)
    said = call("store", "move", "S101", "--to", 102, "--force", at=home)
    assert "What site 101 has changed" in said.out
    push(home, 101, "9", [item_line("S101", "AMOX", 5)])
    run(home)
    assert [(at, reason) for at, *_, reason in held(home)] == [(101, "store_inactive_here")]
    told = call("site", "show", 101, "--json", at=home).json
    assert [row["reason"] for row in told["set_aside"]] == ["store_inactive_here"]
    assert "store_inactive_here" in call("site", "show", 101, at=home).out


@pytest.mark.parametrize("keeps", ["none", "transfer", "collector"])
def test_what_the_old_site_keeps(keeps: str, home: Home, call: Call) -> None:
    def copies() -> list[tuple[str, int, str]]:
        with duckdb.connect(str(home.warehouse), read_only=True) as con:
            return con.execute(
                'select "store_ID", site_ID::integer, sync_type from records.store_site order by 2'
            ).fetchall()

    call("store", "move", "S101", "--to", 102, "--force", "--from-keeps", keeps, at=home)
    run(home)
    assert copies() == ([] if keeps == "none" else [("S101", 101, keeps)])
    told = call("site", "show", 101, "--json", at=home).json["copies"]
    assert told == ([] if keeps == "none" else [f"S101 ({keeps})"])
    call("store", "move", "S101", "--to", 101, "--force", at=home)
    run(home)
    assert copies() == ([] if keeps == "none" else [("S101", 101, "none")]), "the same record"
    assert active_at(home)["S101"] == [101]


def test_v5_a_mobile_site_has_one_store(home: Home, call: Call) -> None:
    complains(call("store", "move", "S101", "--to", 103, "--force", at=home), "mobile")
    complains(call(*add("X", 103), at=home), "mobile")
    assert call("store", "move", "S103", "--to", 101, "--force", at=home).status == 0
    assert call("store", "move", "S101", "--to", 103, "--force", at=home).status == 0
    run(home)
    assert (active_at(home)["S103"], active_at(home)["S101"]) == ([101], [103])


def test_a_moved_store_keeps_every_key_that_it_had(home: Home, call: Call) -> None:
    call("store", "move", "S103", "--to", 1, "--force", at=home)
    ((_, _, record),) = edited(home)
    assert record is not None and record["extra"] == {"deep": [1, None]}
    assert record["sync_id_remote_site"] == 1
    assert call("store", "move", "S103", "--to", 101, "--force", at=home).status == 0
    assert edited(home)[-1][2] == record | {"sync_id_remote_site": 101}


def test_the_same_move_may_be_made_again(home: Home, call: Call) -> None:
    for number in (102, 101, 102):
        assert call("store", "move", "S101", "--to", number, "--force", at=home).status == 0
        summary = run(home)
        assert (summary["duplicate"], active_at(home)["S101"]) == (0, [number])


def test_a_code_that_stands_twice_is_told_apart_by_ids(home: Home, call: Call) -> None:
    complains(call("store", "move", "TWIN", "--to", 101, "--force", at=home), "T1, T2")
    assert call("store", "move", "T1", "--to", 101, "--force", at=home).status == 0
    run(home)
    assert active_at(home)["TWIN"] == [101, 102]


def test_a_code_comes_before_an_id(home: Home, call: Call) -> None:
    push(home, 1, "2", [put("store", {"ID": "S101", "code": "OLD", "sync_id_remote_site": 101})])
    push(home, 1, "3", [put("store", {"ID": "NEW", "code": "S101", "sync_id_remote_site": 101})])
    call("store", "move", "S101", "--to", 102, "--force", at=home)
    call("store", "move", "OLD", "--to", 1, "--force", at=home)
    run(home)
    found = active_at(home)
    assert (found["S101"], found["OLD"]) == ([102], [1])


# Segments


def test_segments_come_after_all_that_wait(home: Home, call: Call) -> None:
    push(home, 1, "zz", [site(105)])
    for number in range(3):
        call(*add(f"N{number}", 105), at=home)
    names = [name.removeprefix("1/") for name in waiting(home)]
    assert names == sorted(names) and names[0] == "zz.ndjson"
    assert len({len(name) for name in names[1:]}) == 1, "names do not grow"
    assert run(home)["quarantined"] == 0
    assert active_at(home)["N2"] == [105]


def test_what_waits_and_is_no_change_is_left_to_the_cycle(home: Home, call: Call) -> None:
    whole = json.dumps(site(106)).encode()
    push(
        home, 1, "2", ['{"tableName":"site",', whole.replace(b"106", b"105").replace(b"S", b"\xff")]
    )
    packed = gzip.compress(whole + b"\n" + os.urandom(200_000), 1, mtime=0)
    push(home, 1, "3", b"{}").with_name("3.ndjson.gz").write_bytes(packed[:-1000])
    push(home, 1, "4", [put("site", {"ID": "ODD", "site_ID": "x", "disabled": "maybe"}), "{}"])
    listed = call("site", "list", "--json", at=home).json["sites"]
    assert [row["site"] for row in listed] == [1, 101, 102, 103, 104]
    assert call(*add("X", 101), at=home).status == 0
    for number in (105, 106):
        complains(call(*add("Y", number), at=home), "does not exist")
    run(home)
    assert active_at(home)["X"] == [101]


def test_a_rebuild_repeats_what_was_edited(home: Home, call: Call) -> None:
    call("store", "move", "S101", "--to", 102, "--force", "--from-keeps", "collector", at=home)
    call(*add("X", 101), at=home)
    run(home)
    before = outbox(home, 101), outbox(home, 102), active_at(home)
    shutil.rmtree(home.outbox)
    home.outbox.mkdir()
    assert call("rebuild", "--json", at=home).status == 0
    assert (outbox(home, 101), outbox(home, 102), active_at(home)) == before


def test_a_home_just_made_is_set_up(tmp_path: Path, call: Call) -> None:
    made = homes.make(tmp_path / "new")
    complains(call(*add("X", 101), at=made), "does not exist")
    assert call("site", "list", at=made).out.startswith("There are no sites")
    assert call("site", "add", "--id", 101, "--name", "One", at=made).status == 0
    assert call(*add("X", 101), at=made).status == 0
    assert run(made)["accepted"] == 3


def test_a_cycle_that_was_cut_short_is_finished_first(home: Home, call: Call) -> None:
    with engine.opened(home.warehouse) as con:
        con.execute("update landing.mark set cycle = 0 where stage = 'marts'")
    complains(call(*add("X", 101), at=home), "cut short", "mainstem sync")
    run(home)
    assert call(*add("X", 101), at=home).status == 0


def test_a_warehouse_behind_its_archive_is_not_edited(home: Home, call: Call) -> None:
    home.warehouse.unlink()
    complains(call(*add("X", 101), at=home), "mainstem rebuild")
    assert edited(home) == []


BAD = {
    "store": (2, ""),
    "store add": (2, "--code"),
    "store add --code X --name X": (2, "--site"),
    "store add --code X --name X --site 999": (1, "does not exist"),
    "store add --code X --name X --site 104": (1, "disabled"),
    "store add --code X --name X --site 0": (2, "from 1 to"),
    "store add --code '' --name X --site 101": (1, "ode is empty"),
    "store add --code X --name '' --site 101": (1, "ame is empty"),
    "store add --code A\tB --name X --site 101": (1, "cannot be shown"),
    "store add --code S101 --name X --site 101": (1, "exists already"),
    "store add --code HIS --name X --site 101": (1, "leave out"),
    "store add --code X --name X --site 101 --mode ward": (2, "dispensary"),
    "store add --code X --csv x.csv": (2, "--csv"),
    "store move": (2, "CODE"),
    "store move S101": (2, "--to"),
    "store move NOWHERE --to 101": (1, "no store NOWHERE"),
    "store move S101 --to 999 --force": (1, "does not exist"),
    "store move S101 --to 104 --force": (1, "disabled"),
    "store move S101 --to 101 --force": (1, "already"),
    "store move S101 --to x": (2, "x"),
    "store move S101 --to 102 --from-keeps all": (2, "collector"),
    "store move '' --to 102": (1, "no store"),
}


@pytest.mark.parametrize("given", BAD)
def test_bad_input(
    given: str, home: Home, call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    before = files(home.path)
    status, word = BAD[given]
    said = call(*(part.strip("'") for part in given.split(" ")), at=home)
    if given == "store":
        assert said.status == 2
        return
    complains(said, word, status=status)
    assert unchanged(home, before)


@pytest.mark.parametrize(
    "given", ["store add --code X --name X --site 101", "store move S101 --to 102 --dry-run"]
)
def test_what_edits_waits_for_a_running_cycle_and_gives_up_with_75(
    given: str, home: Home, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(homes, "PATIENCE", 0.2)
    with homes.lock(home):
        complains(call(*given.split(), at=home), "running", status=75)
    assert edited(home) == []
