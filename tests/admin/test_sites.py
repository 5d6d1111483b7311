"""The commands of sites: added, listed, disabled, removed, initialised, their credentials."""

import hashlib
import io
import sqlite3
import stat
import sys
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from builders import files, held, item_line, outbox, push, read, run
from edits import edited, requested, unchanged
from said import Call, complains

from pipelines import home as homes
from pipelines.admin import credentials
from pipelines.home import Home


def typed(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """What stands on standard input."""
    monkeypatch.setattr(sys, "stdin", io.StringIO(text))


def opens(home: Home, number: int, password: str) -> bool:
    """Whether a password is a site's: what the protocol sends of it, against what is kept."""
    with sqlite3.connect(home.gateway) as con:
        row = con.execute("select password from site where site = ?", [number]).fetchone()
    sent = hashlib.sha256(password.encode()).hexdigest()
    return row is not None and PasswordHasher().verify(row[0], sent)


def test_v1_a_site_is_added_and_its_password_printed_once(home: Home, call: Call) -> None:
    told = call("site", "add", "--id", 105, "--name", " Éta clinic ", "--json", at=home).json
    assert (told["site"], told["name"]) == (105, "Éta clinic")
    assert opens(home, 105, told["password"])
    assert stat.S_IMODE(home.gateway.stat().st_mode) == 0o600
    assert told["password"] not in str(files(home.path))
    ((action, table, record),) = edited(home)
    assert (action, table) == ("update", "site")
    assert record is not None and record["name"] == "Éta clinic"
    assert (record["site_ID"], record["kind"], record["disabled"]) == (105, "desktop", False)
    assert "transfers" not in record
    listed = {row["site"]: row for row in call("site", "list", "--json", at=home).json["sites"]}
    assert listed[105]["state"] == "added by the next sync"
    assert run(home)["accepted"] == 1
    listed = {row["site"]: row for row in call("site", "list", "--json", at=home).json["sites"]}
    assert (listed[105]["state"], listed[105]["transfers"]) == ("", "central")
    assert (listed[104]["state"], listed[103]["kind"]) == ("disabled", "mobile")
    assert "Éta clinic" in call("site", "list", at=home).out


def test_a_password_comes_by_standard_input(
    home: Home, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed(monkeypatch, "päss word \nnext line\n")
    given = ("--kind", "open_msupply", "--transfers", "central", "--password-stdin")
    said = call("site", "add", "--id", 105, "--name", "X", *given, at=home)
    assert (said.status, "Password" in said.out) == (0, False)
    assert opens(home, 105, "päss word ")
    ((_, _, record),) = edited(home)
    assert record is not None and (record["kind"], record["transfers"]) == (
        "open_msupply",
        "central",
    )


def test_a_new_password_replaces_the_old_and_keeps_the_device(
    home: Home, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    call("site", "add", "--id", 105, "--name", "X", at=home)
    with sqlite3.connect(home.gateway) as con:
        con.execute("update site set hardware_id = 'DEVICE'")
    typed(monkeypatch, "second\n")
    assert call("site", "password", 105, "--password-stdin", at=home).status == 0
    assert opens(home, 105, "second")
    assert credentials.devices(home) == {105: "DEVICE"}
    made = call("site", "password", 101, "--json", at=home).json["password"]
    assert opens(home, 101, made)


def test_i4_a_device_is_forgotten(home: Home, call: Call) -> None:
    call("site", "add", "--id", 105, "--name", "X", at=home)
    assert call("site", "reset-hardware", 105, "--json", at=home).json == {"site": 105, "was": None}
    with sqlite3.connect(home.gateway) as con:
        con.execute("update site set hardware_id = 'DEVICE'")
    assert call("site", "show", 105, "--json", at=home).json["hardware_id"] == "DEVICE"
    assert "DEVICE" in call("site", "reset-hardware", 105, at=home).out
    assert credentials.devices(home) == {105: None}


def test_a_site_is_disabled_and_enabled_again_with_all_its_keys(home: Home, call: Call) -> None:
    assert call("site", "disable", 103, at=home).status == 0
    assert call("site", "list", at=home).out.count("disabled by the next sync") == 1
    assert "already" in call("site", "disable", 103, at=home).out, "what waits counts"
    ((_, _, record),) = edited(home)
    assert record is not None and record["disabled"] is True
    assert (record["kind"], record["an odd key"]) == ("mobile", 1.5)
    assert call("site", "enable", 104, at=home).status == 0
    run(home)
    listed = {row["site"]: row for row in call("site", "list", "--json", at=home).json["sites"]}
    assert [listed[number]["state"] for number in (103, 104)] == ["disabled", ""]


def test_v6_a_site_without_stores_is_removed_and_its_history_stays(home: Home, call: Call) -> None:
    call("site", "add", "--id", 105, "--name", "X", at=home)
    run(home)
    push(home, 105, "1", ["{"])
    run(home)
    push(home, 105, "2", ["{}"])
    complains(call("site", "remove", 102, at=home), "S102", "TWIN", "store move")
    assert credentials.devices(home) == {105: None}
    assert "1 waiting segment" in call("site", "remove", 105, at=home).out
    assert credentials.devices(home) == {}
    assert "removed by the next sync" in call("site", "list", at=home).out
    run(home)
    complains(call("site", "show", 105, at=home), "no site 105")
    assert [reason for number, _, _, reason in held(home) if number == 105] == ["malformed"] * 2
    assert list(home.archive.glob("*/*/*-site105.ndjson"))
    assert "Site 105 added" in call("site", "add", "--id", 105, "--name", "X", at=home).out


def test_i1_initialising_is_asked_of_the_next_cycle(home: Home, call: Call) -> None:
    assert call("site", "initialise", 101, at=home).status == 0
    assert requested(home) == [{"initialise": 101}]
    call("site", "add", "--id", 105, "--name", "X", at=home)
    assert call("site", "initialise", 105, at=home).status == 0, "a site that waits is known"
    complains(call("site", "initialise", 104, at=home), "disabled")
    complains(call("site", "initialise", 1, at=home), "this hub")
    assert requested(home) == [{"initialise": 101}, {"initialise": 105}]


def test_i2_a_queue_is_built_anew_and_again_the_same(home: Home, call: Call) -> None:
    push(home, 101, "2", [item_line("S101", "AMOX", 5)])
    run(home)
    queues = []
    for _ in range(2):
        before = len(outbox(home, 101))
        call("site", "initialise", 101, at=home)
        assert run(home)["published"]["sites"] > 3
        reset, *lines = outbox(home, 101)[before:]
        assert (reset["action"], reset["sequence"]) == ("reset", before + 1)
        queues.append([(line["tableName"], line["recordId"], line["action"]) for line in lines])
    assert queues[0] == queues[1]
    assert ("item_line", "S101-AMOX", "update") in queues[0]
    assert ("store", "S101", "update") in queues[0]
    told = call("site", "queue", 101, "--json", at=home).json
    assert told["queue_length"] == len(queues[0])


def test_a_site_is_shown_whole(home: Home, call: Call) -> None:
    push(home, 102, "9", [{"tableName": "store", "recordId": "S", "action": "delete"}])
    run(home, "2018-07-03T08:00:00")
    told = call("site", "show", 102, "--json", at=home).json
    assert told["stores"] == ["S102", "TWIN", "TWIN"]
    assert (told["last_contact"], told["can_sign_in"]) == ("2018-07-03T08:00:00Z", False)
    assert [row["reason"] for row in told["set_aside"]] == ["central_only"]
    assert "central_only" in call("site", "show", 102, at=home).out
    queue = call("site", "queue", 102, "--json", at=home).json
    assert queue["queue_length"] == sum(row["queued"] for row in queue["tables"])
    owed = read(home, "sync").filter(site=102)["queue_length"].item()
    assert queue["queue_length"] == owed > 0
    assert f"owed {owed} records" in call("site", "queue", 102, at=home).out


# A country from a CSV


def written(tmp_path: Path, text: str | bytes) -> Path:
    """A file of that content."""
    path = tmp_path / "told.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_sites_come_from_a_csv(home: Home, call: Call, tmp_path: Path) -> None:
    file = written(
        tmp_path,
        "\ufeffName;ID;kind;transfers;password\r\n"
        '"Lac; nord";201;;;\r\n\r\n'
        "Éta;202;open_msupply;central;s3cret\r\n",
    )
    told = call("site", "add", "--csv", file, "--json", at=home).json["sites"]
    assert [(row["site"], row["name"]) for row in told] == [(201, "Lac; nord"), (202, "Éta")]
    assert told[1]["password"] is None and opens(home, 202, "s3cret")
    assert opens(home, 201, told[0]["password"])
    assert [record["kind"] for _, _, record in edited(home) if record] == [
        "desktop",
        "open_msupply",
    ]
    assert run(home)["accepted"] == 2
    complains(call("site", "add", "--csv", file, at=home), "line 2", "line 4", "exists already")


BAD_ROWS = """id,name,kind,transfers,password
201,Good,,,
0,Zero,,,
1e3,Many,,,
101,Taken,,,
202,good,,,
203,,,,
204,"A:B",,,
205,Kind,tablet,,
206,Makes,,both,
207,Long,,,,x
208,"Two
lines",,,
,No number,,,
"""


def test_every_bad_row_is_named_and_nothing_is_written(
    home: Home, call: Call, tmp_path: Path
) -> None:
    before = files(home.path)
    said = call("site", "add", "--csv", written(tmp_path, BAD_ROWS), at=home)
    assert (said.status, said.bytes) == (1, b"")
    assert "line 11: it has 6 cells, not 5" in said.err
    shorter = BAD_ROWS.replace("207,Long,,,,x\n", "")
    said = call("site", "add", "--csv", written(tmp_path, shorter), at=home)
    *rows, last = said.err.splitlines()
    assert [row.split(":")[0] for row in rows] == [
        f"line {n}" for n in (3, 4, 5, 6, 7, 8, 9, 10, 12, 13)
    ]
    assert "Nothing of" in last and "told.csv" in last
    assert unchanged(home, before)


def test_all_that_is_wrong_with_a_row_is_named(home: Home, call: Call, tmp_path: Path) -> None:
    rows = "id,name,kind,transfers,password\n0,A:B,tablet,both,\n101,,,central, \n"
    said = call("site", "add", "--csv", written(tmp_path, rows), at=home)
    number, second, _ = said.err.splitlines()
    for what in ("id is '0'", "a colon", "kind is 'tablet'", "transfers is 'both'"):
        assert number.count(what) == 1, number
    for what in ("site 101 exists", "name is empty", "password is empty"):
        assert second.count(what) == 1, second
    assert number.count(";") == 3 and second.count(";") == 2
    said = call("site", "add", "--id", 101, "--name", "A:B", at=home)
    complains(said, "Site 101 exists already; name 'A:B' has a colon")


FILES = {
    "no.csv": (None, "cannot be read"),
    "empty.csv": (b"", "lacks the column id"),
    "header.csv": (b"id,name\n", "no rows"),
    "columns.csv": (b"id,name,colour\n1,a,red\n", "colour"),
    "twice.csv": (b"id,name,name\n1,a,b\n", "twice"),
    "lacking.csv": (b"id\n1\n", "name"),
    "latin.csv": ("id,name\n201,Éta\n".encode("latin-1"), "UTF-8"),
    "binary.csv": (bytes(range(256)), "UTF-8"),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_no_csv(name: str, home: Home, call: Call, tmp_path: Path) -> None:
    content, word = FILES[name]
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    before = files(home.path)
    complains(call("site", "add", "--csv", path, at=home), word, name)
    complains(call("store", "add", "--csv", path, at=home), name)
    assert unchanged(home, before)


# What is wrong

BAD = {
    "site": (2, ""),
    "site add": (2, "--id"),
    "site add --id 105": (2, "--name"),
    "site add --id 0 --name X": (2, "from 1 to"),
    "site add --id many --name X": (2, "many"),
    "site add --id 101 --name X": (1, "exists already"),
    "site add --id 104 --name X": (1, "exists already"),
    "site add --id 105 --name ''": (1, "empty"),
    "site add --id 105 --name A:B": (1, "colon"),
    "site add --id 105 --name A\nB": (1, "cannot be shown"),
    "site add --id 105 --name \udcff": (1, "cannot be shown"),
    f"site add --id 105 --name {'x' * 201}": (1, "longer than 200"),
    "site add --id 105 --name site_101": (1, "has the name"),
    "site add --id 105 --name X --kind tablet": (2, "mobile"),
    "site add --id 105 --name X --transfers both": (2, "central"),
    "site add --id 105 --csv sites.csv": (2, "--csv"),
    "site add --csv .": (2, "."),
    "site add --id 105 --name X --password-stdin": (1, "no password"),
    "site list all": (2, "all"),
    "site show": (2, "N"),
    "site show x": (2, "x"),
    "site show 999": (1, "no site 999"),
    "site show 101 102": (2, "102"),
    "site show 1000000000": (2, "999999999"),
    "site queue": (2, "N"),
    "site queue 0": (2, "from 1 to"),
    "site queue 999": (1, "no site 999"),
    "site queue --all": (2, "--all"),
    "site disable": (2, "N"),
    "site disable 999": (1, "no site 999"),
    "site disable 1": (1, "this hub"),
    "site disable -3": (2, "-3"),
    "site disable 101 --json": (2, "--json"),
    "site enable": (2, "N"),
    "site enable 999": (1, "no site 999"),
    "site enable 1.5": (2, "1.5"),
    "site remove": (2, "N"),
    "site remove 999": (1, "no site 999"),
    "site remove 1": (1, "this hub"),
    "site remove 101": (1, "S101"),
    "site remove all": (2, "all"),
    "site reset-hardware": (2, "N"),
    "site reset-hardware 999": (1, "no credentials"),
    "site reset-hardware 101": (1, "site password 101"),
    "site reset-hardware x": (2, "x"),
    "site reset-hardware 101 --force": (2, "--force"),
    "site initialise": (2, "N"),
    "site initialise 999": (1, "no site 999"),
    "site initialise 1": (1, "this hub"),
    "site initialise 104": (1, "disabled"),
    "site initialise all": (2, "all"),
    "site password": (2, "N"),
    "site password 999": (1, "no site 999"),
    "site password 1": (1, "no password"),
    "site password 101 --password-stdin": (1, "no password"),
    "site password 101 secret": (2, "secret"),
}


@pytest.mark.parametrize("given", BAD)
def test_bad_input(
    given: str, home: Home, call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    typed(monkeypatch, "\n")
    before = files(home.path)
    status, word = BAD[given]
    parts = [part.strip("'").replace("_", " ") for part in given.split(" ")]
    said = call(*parts, at=home)
    if given == "site":
        assert said.status == 2
        return
    complains(said, word, status=status)
    assert unchanged(home, before)


@pytest.mark.parametrize(
    "given",
    ["site disable 101", "site remove 101", "site initialise 101", "site add --id 105 --name X"],
)
def test_what_edits_waits_for_a_running_cycle_and_gives_up_with_75(
    given: str, home: Home, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(homes, "PATIENCE", 0.2)
    before = files(home.path)
    with homes.lock(home):
        complains(call(*given.split(), at=home), "running", status=75)
    assert unchanged(home, before)


@pytest.mark.parametrize("given", ["site list", "site show 101", "site queue 101"])
def test_what_only_reads_answers_while_a_cycle_runs(
    given: str, home: Home, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(homes, "PATIENCE", 0)
    with homes.lock(home):
        assert call(*given.split(), at=home).status == 0


def test_credentials_that_are_damaged_are_named(home: Home, call: Call) -> None:
    home.gateway.write_bytes(b"no database" * 1000)
    for given in ("site show 101", "site add --id 105 --name X", "site reset-hardware 101"):
        complains(call(*given.split(), at=home), "gateway.db", "backup")
    assert edited(home) == []


@pytest.mark.parametrize("command", ["add", "list", "show", "queue", "disable", "remove"])
def test_help_teaches(command: str, call: Call) -> None:
    said = call("site", command, "--help")
    assert said.status == 0
    assert len(said.out.splitlines()) > 5
