"""The commands as a person meets them: what they print, and what they say of what is wrong."""

import csv
import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import polars as pl
import pytest
from builders import (
    country,
    delete,
    environment,
    files,
    held,
    issue,
    item,
    item_line,
    name,
    push,
    receipt,
    reports,
    run,
    site,
    store,
    waiting,
)
from said import Call, Said, complains

from pipelines import cycle, quiet
from pipelines import home as homes
from pipelines.home import Home
from pipelines.hub import Hub
from warehouse import report

quiet.hush()

MAIN = "from pipelines.cli import main; main()"
OUTCOMES = ("accepted", "deferred", "quarantined", "superseded", "duplicate")
SUMMARY = (
    {"cycle", "paused", "segments", "changes", *OUTCOMES, "released", "held_again", "made"}
    | {"transfers", "routed", "published", "seconds", "stages"}
)  # fmt: skip
READING = (["report", "stock-on-hand"], ["status"], ["status", "--json"], ["quarantine", "list"])
WORKING = (
    ["sync"],
    ["sync", "--json"],
    ["rebuild"],
    ["rebuild", "--json"],
    ["verify"],
    ["verify", "--json"],
    ["quarantine", "show", "1"],
    ["quarantine", "export"],
)
ASKING = (["quarantine", "retry"], ["quarantine", "retry", "--json", "1"])
SWITCHING = (["pause"], ["resume"])


@pytest.fixture(scope="module")
def settled(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home after a cycle: stock, use, a region, lines deferred and refused; not to change."""
    made = homes.make(tmp_path_factory.mktemp("settled") / "home")
    north = name("S101", custom_data={"region": "North"})
    push(made, 1, "1", [*country(), north, item("FX", item_name='=1+1, "so-called"')])
    push(made, 101, "1", [*receipt("S101", "2018-05-01", 7.5), *issue("S101", "2018-05-20", 2.5)])
    push(made, 101, "2", [item_line("S101", "AMOX", 5), item_line("S101", "FX", 1.25)])
    push(made, 102, "1", [item_line("S101", "ORS", 1), item_line("S199", "ORS", 1), "{"])
    run(made)
    return made


@pytest.fixture
def home(settled: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A copy of it, to change."""
    monkeypatch.setenv("MAINSTEM_NOW", "2018-07-01T08:00:00")
    return Home(Path(shutil.copytree(settled.path, tmp_path / "home")))


def named(command: list[str]) -> str:
    return " ".join(command)


# What is wrong with a home


@pytest.mark.parametrize("command", [*READING, *WORKING, *ASKING, *SWITCHING], ids=named)
@pytest.mark.parametrize("place", ["missing", "empty", "file"])
def test_a_home_that_is_none(command: list[str], place: str, tmp_path: Path, call: Call) -> None:
    path = tmp_path / place
    if place == "empty":
        path.mkdir()
    elif place == "file":
        path.write_text("no home", encoding="utf-8")
    complains(call(*command, at=Home(path)), "is not a Mainstem home", "mainstem init", str(path))
    assert not path.exists() or place != "missing"


SETTINGS = {
    "an unknown key": ("[sync]", '[sync]\ncolour = "red"', "sync.colour"),
    "an unknown section": ("[sync]", "[sink]", "[sink]"),
    "a key outside a section": ("[sites]", "central = 1\n[sites]", "central"),
    "a bad flag": ("paused = false", 'paused = "no"', "sync.paused"),
    "a bad number": ("lag_alert_days = 30", "lag_alert_days = -1", "preferences.lag_alert_days"),
    "a bad site": ("central = 1 ", "central = 0 ", "sites.central"),
    "a site beyond all": ("central = 1 ", "central = 1000000000000 ", "sites.central"),
    "a bad time zone": ('"UTC"', '"Mars/Olympus"', "preferences.timezone"),
    "limits that cross": ("lag_alert_days = 30", "lag_alert_days = 1", "lag_alert_days is 1"),
    "broken TOML": ("[sync]", "[sync", "not valid TOML"),
    "a key twice": ("paused = false", "paused = false\npaused = true", "not valid TOML"),
    "not UTF-8": ("[sync]", "# \udcff\n[sync]", "not valid TOML"),
}


@pytest.mark.parametrize("wrong", SETTINGS)
@pytest.mark.parametrize(
    "command",
    [["sync", "--json"], ["status", "--json"], ["rebuild"], ["verify", "--json"], ["pause"],
     ["resume"], ["quarantine", "export"]],
    ids=named,
)  # fmt: skip
def test_bad_settings_are_named(wrong: str, command: list[str], home: Home, call: Call) -> None:
    before, after, word = SETTINGS[wrong]
    text = home.toml.read_text(encoding="utf-8")
    assert before in text
    bad = text.replace(before, after, 1).encode(errors="surrogateescape")
    home.toml.write_bytes(bad)
    complains(call(*command, at=home), word, "mainstem.toml")
    assert home.toml.read_bytes() == bad


def garbage(path: Path, how: str) -> None:
    """Damage a DuckDB file."""
    if how == "garbage":
        path.write_bytes(b"no database " * 1000)
    elif how == "cut":
        path.write_bytes(path.read_bytes()[:5000])
    elif how == "folder":
        path.unlink()
        path.mkdir()
    else:
        path.unlink()
        duckdb.connect(str(path)).close()


@pytest.mark.parametrize("how", ["garbage", "cut", "folder"])
@pytest.mark.parametrize(
    "command",
    [["sync", "--json"], ["quarantine", "show", "1"], ["quarantine", "export"]],
    ids=named,
)
def test_a_damaged_warehouse(command: list[str], how: str, home: Home, call: Call) -> None:
    garbage(home.warehouse, how)
    complains(call(*command, at=home), "warehouse.duckdb", "mainstem rebuild")


def test_a_hole_in_the_warehouse(home: Home, call: Call) -> None:
    content = home.warehouse.read_bytes()
    for place in range(0, len(content), len(content) // 7):
        home.warehouse.write_bytes(content[:place] + b"\xaa" * 9000 + content[place + 9000 :])
        for command in (["quarantine", "export"], ["verify", "--json"]):
            said = call(*command, at=home)
            if said.status and command[0] == "quarantine":
                complains(said)
            assert "Traceback" not in said.err


def test_an_error_that_nobody_foresaw(
    home: Home, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: Any) -> None:
        raise ValueError("first line\nsecond line")

    monkeypatch.setattr(report, "read", fails)
    complains(call("report", "sync", at=home), "ValueError: first line", "MAINSTEM_TRACEBACK")
    monkeypatch.setenv("MAINSTEM_TRACEBACK", "1")
    with pytest.raises(ValueError, match="first line"):
        call("report", "sync", at=home)


def test_rebuild_mends_a_damaged_warehouse(home: Home, call: Call) -> None:
    expected = reports(home)
    garbage(home.warehouse, "garbage")
    said = call("verify", "--json", at=home)
    assert (said.status, said.json["whole"]) == (1, False)
    assert "warehouse.duckdb" in said.json["problems"][0]
    assert call("rebuild", "--json", at=home).json == {"cycles": 1}
    assert reports(home) == expected
    assert call("verify", "--json", at=home).json["whole"]


def test_a_warehouse_of_another_version_is_rebuilt(home: Home, call: Call) -> None:
    with duckdb.connect(str(home.warehouse)) as con:
        con.execute("alter table records.item drop column code")
    push(home, 101, "3", [item_line("S101", "AMOX", 4)])
    complains(call("sync", "--json", at=home), "item has other columns", "mainstem rebuild")
    call("rebuild", at=home)
    assert run(home)["cycle"] == 3
    assert call("verify", "--json", at=home).json["whole"]


def test_a_warehouse_that_is_gone_is_not_begun_anew_over_its_archive(
    home: Home, call: Call
) -> None:
    before = files(home.archive)
    home.warehouse.unlink()
    push(home, 101, "3", [item_line("S101", "AMOX", 4)])
    complains(call("sync", "--json", at=home), "mainstem rebuild")
    assert files(home.archive) == before
    assert waiting(home) == ["101/3.ndjson"]
    assert call("rebuild", at=home).status == 0
    assert run(home)["accepted"] == 1


@pytest.mark.parametrize("how", ["garbage", "cut", "empty"])
@pytest.mark.parametrize(
    "command", [*READING, ["report", "records"], ["quarantine", "retry"]], ids=named
)
def test_damaged_reports(command: list[str], how: str, home: Home, call: Call) -> None:
    garbage(home.reports, how)
    complains(call(*command, at=home), "reports.duckdb", "mainstem sync")


def test_sync_mends_damaged_reports(home: Home, call: Call) -> None:
    expected = reports(home)
    garbage(home.reports, "garbage")
    said = call("verify", "--json", at=home)
    assert said.status == 1
    assert "reports" in " ".join(said.json["problems"])
    assert call("sync", "--json", at=home).status == 0
    assert reports(home) == expected
    assert call("verify", at=home).status == 0


@pytest.mark.parametrize(
    "command",
    [["sync", "--json"], ["status", "--json"], ["report", "sync"], ["quarantine", "retry"]],
    ids=named,
)
@pytest.mark.parametrize("told", ["yesterday", "2018-07-32", "08:00"])
def test_a_clock_that_cannot_be_read(
    command: list[str], told: str, home: Home, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAINSTEM_NOW", told)
    complains(call(*command, at=home), "MAINSTEM_NOW", told)


def segment(home: Home) -> Path:
    return min(home.archive.glob("*/*/*-site101.ndjson"))


def manifest(home: Home) -> Path:
    return next(home.archive.glob("*/*/manifest.json"))


DAMAGE: dict[str, tuple[Callable[[Home], object], str]] = {
    "a segment is gone": (lambda home: segment(home).unlink(), "-site101.ndjson"),
    "a segment is cut": (
        lambda home: segment(home).write_bytes(segment(home).read_bytes()[:-20]),
        "-site101.ndjson",
    ),
    "a segment was changed": (
        lambda home: segment(home).write_bytes(segment(home).read_bytes().replace(b"7.5", b"9.5")),
        "-site101.ndjson",
    ),
    "the manifest is cut": (
        lambda home: manifest(home).write_bytes(manifest(home).read_bytes()[:-20]),
        "manifest.json",
    ),
    "the manifest is empty": (lambda home: manifest(home).write_bytes(b""), "manifest.json"),
    "the manifest is a list": (lambda home: manifest(home).write_bytes(b"[]"), "manifest.json"),
    "the manifest lacks a key": (lambda home: manifest(home).write_bytes(b"{}"), "manifest.json"),
    "the manifest is no text": (lambda home: manifest(home).write_bytes(b"\xff"), "manifest.json"),
    "a cycle is gone": (lambda home: shutil.rmtree(manifest(home).parent), "cycle 1"),
}


@pytest.fixture(scope="module")
def twice(settled: Home, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The home after a second cycle; not to be changed."""
    made = Home(Path(shutil.copytree(settled.path, tmp_path_factory.mktemp("twice") / "home")))
    run(made)
    return made


@pytest.mark.parametrize("what", DAMAGE)
def test_a_damaged_archive_is_named_and_nothing_is_changed(
    what: str, twice: Home, tmp_path: Path, call: Call
) -> None:
    home = Home(Path(shutil.copytree(twice.path, tmp_path / "home")))
    damage, word = DAMAGE[what]
    damage(home)
    expected, queues = reports(home), files(home.outbox)
    complains(call("rebuild", "--json", at=home), word)
    assert (reports(home), files(home.outbox)) == (expected, queues)
    said = call("verify", "--json", at=home)
    assert (said.status, said.json["whole"]) == (1, False)
    assert word in " ".join(said.json["problems"])


# Options

USAGE = {
    "site add --id 1 --name Hub": (1, "the central, this hub"),
    "synk": (2, "'sync'? See"),
    "report nothing": (1, "stock-on-hand"),
    "report": (2, "NAME"),
    "report sync --format pdf": (2, "xlsx"),
    "report sync --colour red": (2, "--colour"),
    "report sync --from 2018-13-01": (2, "2018-13-01"),
    "report sync --to 1.7.2018": (2, "1.7.2018"),
    "report sync --as-of yesterday": (2, "yesterday"),
    "report consumption --from 2018-02-01 --to 2018-01-01": (1, "--from"),
    "report stock-on-hand --store NOWHERE": (1, "NOWHERE"),
    "report stock-on-hand --store s101": (1, "s101"),
    "report stock-on-hand --store ''": (1, "store"),
    "report stock-on-hand --item NOTHING": (1, "NOTHING"),
    "report stock-on-hand --region East": (1, "East"),
    "report stock-on-hand --site 999": (1, "999"),
    "report sync --site north": (2, "north"),
    "report sync --site 99999999999999999999999999999999999999999": (2, "from 1 to"),
    "report records --site 0": (2, "from 1 to"),
    "report sync --format csv --output missing/folder/out.csv": (1, "out.csv"),
    "report sync --output .": (2, "."),
    "report sync --output out.pdf": (1, "--format"),
    "report sync --output out": (1, "--format"),
    "quarantine": (2, ""),
    "quarantine list --reason bad_mood": (1, "not_owner"),
    "quarantine list --site x": (2, "x"),
    "quarantine show": (2, "ID"),
    "quarantine show first": (2, "first"),
    "quarantine show 999": (1, "quarantine list"),
    "quarantine list --site 99999999999999999999999999999999999999999": (2, "from 1 to"),
    "quarantine show 99999999999999999999999999999999999999999": (2, "from 1 to"),
    "quarantine retry 0": (2, "from 1 to"),
    "quarantine retry 999": (1, "quarantine list"),
    "quarantine retry x": (2, "x"),
    "quarantine export --output missing/folder/out.ndjson": (1, "out.ndjson"),
    "quarantine export --output .": (2, "."),
    "sync now": (2, "now"),
    "verify --all": (2, "--all"),
    "pause --json": (2, "--json"),
}


@pytest.mark.parametrize("given", USAGE)
def test_a_bad_option(
    given: str, home: Home, call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    before = files(home.requests)
    status, word = USAGE[given]
    said = call(*(part.strip("'") for part in given.split(" ")), at=home)
    if given == "quarantine":
        assert said.status == 2
        return
    complains(said, word, status=status)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["home"]
    assert files(home.requests) == before


HOMELESS = {
    "bench ingest --changes 0": (1, "--changes"),
    "bench ingest --changes 10 --segments 11": (1, "--segments"),
    "bench ingest --segments 0": (1, "--segments"),
    "bench ingest --changes many": (2, "many"),
    "bench digest": (2, "digest"),
    "bench cycle --sites 0": (1, "--sites"),
    "bench cycle --sites 10 --changes 9": (1, "--changes"),
    "bench cycle --sites 10 --records 9": (1, "--records"),
    "bench refused --lines 0": (1, "--lines"),
    "bench refused --changes 1000 --lines 101": (1, "--changes"),
    "bench initialise --records 999": (1, "--records"),
    "demo --dashboard-port 99999 --home x": (2, "99999"),
    "demo --dagster-port zero --home x": (2, "zero"),
    "demo --dashboard-port 3000 --home x": (1, "Both ports are 3000"),
    "demo --no-serve --home full": (1, "full"),
    "demo --no-serve --home full/file": (1, "file"),
    "init --home full": (1, "full"),
    "init --home full/file": (1, "file"),
    "init --home full/file/home": (1, "file"),
    "init --home x --central 0": (2, "999999999"),
    "init --home x --central -5": (2, "999999999"),
    "init --home x --primary 0": (2, "999999999"),
    "init --home x --central 1000000000": (2, "999999999"),
    "init --home x --central first": (2, "first"),
    "init here": (2, "here"),
    "dance": (2, "dance"),
}


@pytest.mark.parametrize("given", HOMELESS)
def test_a_bad_option_without_a_home(
    given: str, call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").write_text("in the way", encoding="utf-8")
    status, word = HOMELESS[given]
    complains(call(*given.split(" ")), word, status=status)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["full"]
    assert files(tmp_path / "full") == {"file": b"in the way"}


def test_init_refuses_to_overwrite_a_home(home: Home, call: Call) -> None:
    before = files(home.path)
    complains(call("init", at=home), "home already", str(home.path))
    assert files(home.path) == before


def test_init_makes_a_home_that_answers(tmp_path: Path, call: Call) -> None:
    made = Home(tmp_path / "a" / "new home")
    said = call("init", "--primary", "2", at=made)
    assert (said.status, said.err) == (0, "")
    assert (made.settings().central, made.settings().primary) == (1, 2)
    assert call("status", "--json", at=made).json["last_cycle"] is None


def test_the_home_is_found_by_the_environment(
    home: Home, call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAINSTEM_HOME", str(home.path))
    assert call("status", "--json").json["home"] == str(home.path)
    monkeypatch.delenv("MAINSTEM_HOME")
    monkeypatch.chdir(tmp_path)
    assert call("status", "--json").json["home"] == "home"


# As a process of its own


def process(*given: object, **told: Any) -> subprocess.CompletedProcess[str]:
    """Run a command in a process of its own."""
    command = [sys.executable, "-c", MAIN, *map(str, given)]
    return subprocess.run(command, env=environment(), text=True, stderr=-1, **told)


def test_a_process_says_what_is_wrong_without_a_traceback(home: Home) -> None:
    garbage(home.warehouse, "garbage")
    done = process("sync", "--json", "--home", home.path, stdout=-1)
    complains(Said(done.returncode, done.stdout.encode(), done.stderr), "mainstem rebuild")


def test_a_reader_that_goes_away_is_no_error(home: Home) -> None:
    ours, theirs = os.pipe()
    os.close(ours)
    done = process("report", "stock-history", "--home", home.path, stdout=theirs)
    os.close(theirs)
    assert done.stderr == ""


# sync


def test_sync_prints_one_json_object_of_the_promised_keys(home: Home, call: Call) -> None:
    push(home, 101, "3", [item_line("S101", "AMOX", 4), item_line("S102", "AMOX", 1)])
    push(home, 102, "2", [item_line("S199", "AMOX", 1), "[]"])
    push(home, 102, "3", [item_line("S101", "ORS", 1), item_line("S199", "ORS", 1), "{"])
    said = call("sync", "--json", at=home)
    assert (said.status, said.err) == (0, "")
    told = said.json
    assert set(told) >= SUMMARY
    assert (told["cycle"], told["segments"], told["changes"], told["paused"]) == (2, 3, 7, False)
    assert [told[outcome] for outcome in OUTCOMES] == [1, 1, 2, 0, 3]
    assert sum(told[outcome] for outcome in OUTCOMES) == told["changes"]
    transfers = {"stock", "returns", "requisition", "purchase_order", "goods_received"}
    assert set(told["transfers"]) == transfers
    assert set(told["published"]) == {"central", "sites"}
    assert 0 < told["seconds"] < 60
    assert sum(told["stages"].values()) == pytest.approx(told["seconds"], abs=0.01)


def test_sync_shows_what_remains(home: Home, call: Call) -> None:
    push(home, 101, "3", [item_line("S101", "AMOX", 4)])
    said = call("sync", at=home)
    assert re.search(r"1 segments?", said.err)
    stages = [line.split()[0] for line in said.err.splitlines()]
    assert stages[0] == "landing" and stages[-1] == "marts"
    assert "1 accepted" in said.out


@pytest.mark.parametrize(
    "command", [command for command in WORKING if command != ["sync"]], ids=named
)
def test_a_command_that_finds_a_cycle_running_gives_up_with_75(
    command: list[str], home: Home, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(homes, "PATIENCE", 0.2)
    with homes.lock(home):
        complains(call(*command, at=home), "running", status=75)
    assert call("status", at=home).status == 0


def test_a_command_waits_for_a_running_cycle(
    home: Home, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(homes, "PATIENCE", 30)
    holder = (
        "import sys; from pathlib import Path; from pipelines import home\n"
        "with home.lock(home.Home(Path(sys.argv[1]))):\n"
        "    print('held', flush=True); sys.stdin.readline()"
    )
    command = [sys.executable, "-c", holder, str(home.path)]
    with subprocess.Popen(command, stdin=-1, stdout=-1, text=True) as other:
        assert other.stdout and other.stdin and other.stdout.readline() == "held\n"
        other.stdin.write("\n")
        other.stdin.flush()
        assert call("verify", at=home).status == 0


@pytest.mark.parametrize("command", [*READING, ["report", "sync"], *SWITCHING], ids=named)
def test_what_only_reads_answers_while_a_cycle_runs(
    command: list[str], home: Home, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(homes, "PATIENCE", 0)
    with homes.lock(home):
        assert call(*command, at=home).status == 0


# Pause


def test_pause_and_resume_keep_the_rest_of_the_settings(home: Home, call: Call) -> None:
    before = home.toml.read_text(encoding="utf-8")
    assert "Paused" in call("pause", at=home).out
    assert "already" in call("pause", at=home).out
    paused = home.toml.read_text(encoding="utf-8")
    assert paused == before.replace("paused = false ", "paused = true ")
    assert call("status", "--json", at=home).json["paused"] is True
    assert "Resumed" in call("resume", at=home).out
    assert "not paused" in call("resume", at=home).out
    assert home.toml.read_text(encoding="utf-8") == before


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# mine\n[sites]\ncentral = 1",
        "[sync] # mine\nenabled = true",
        "[sync]\n  paused=false # mine\n",
        "[preferences]\n[sync]",
        "[ sync ]\nenabled = true",
    ],
)
def test_pause_works_on_settings_as_people_write_them(text: str, home: Home, call: Call) -> None:
    home.toml.write_text(text, encoding="utf-8")
    said = call("pause", at=home)
    assert said.status == 0, said.err
    assert home.settings().paused
    assert ("mine" in text) == ("mine" in home.toml.read_text(encoding="utf-8"))
    assert call("resume", at=home).status == 0
    assert not home.settings().paused


@pytest.mark.parametrize(
    "text", ["sync = {paused = false}", "sync.paused = false", '["sync"]\n"paused" = false']
)
def test_pause_says_so_when_only_a_person_can_change_the_settings(
    text: str, home: Home, call: Call
) -> None:
    home.toml.write_text(text, encoding="utf-8")
    before = files(home.path)
    complains(call("pause", at=home), "sync.paused", "mainstem.toml")
    assert files(home.path) == before


def test_a_paused_hub_keeps_what_comes_and_ingests_nothing(home: Home, call: Call) -> None:
    call("pause", at=home)
    push(home, 101, "3", [item_line("S101", "AMOX", 4)])
    before = files(home.path / "archive"), files(home.outbox), reports(home)
    told = call("sync", "--json", at=home).json
    assert set(told) >= SUMMARY
    assert (told["paused"], told["segments"], told["changes"]) == (True, 0, 0)
    assert "paused" in call("sync", at=home).out
    assert (files(home.path / "archive"), files(home.outbox), reports(home)) == before
    assert waiting(home) == ["101/3.ndjson"]
    assert call("status", "--json", at=home).json["waiting"] == {"101": 1}
    call("resume", at=home)
    told = run(home)
    assert (told["cycle"], told["accepted"], told["paused"]) == (2, 1, False)


def test_a_disabled_hub_refuses(home: Home, call: Call) -> None:
    text = home.toml.read_text(encoding="utf-8").replace("enabled = true", "enabled = false")
    assert "(enabled)" in call("status", at=home).out
    home.toml.write_text(text, encoding="utf-8")
    push(home, 101, "3", [item_line("S101", "AMOX", 4)])
    complains(call("sync", "--json", at=home), "sync.enabled")
    assert waiting(home) == ["101/3.ndjson"]
    assert call("status", "--json", at=home).json["enabled"] is False
    assert "disabled" in call("status", at=home).out


# status


def test_status_tells_how_the_hub_stands(home: Home, call: Call) -> None:
    push(home, 101, "3", [item_line("S101", "AMOX", 4)])
    (home.inbox / "101" / "readme.txt").write_text("hello", encoding="utf-8")
    told = call("status", "--json", at=home).json
    assert (told["waiting_segments"], told["waiting"]) == (1, {"101": 1})
    assert told["ignored"] == ["101/readme.txt"]
    assert (told["last_cycle"]["cycle"], told["last_cycle"]["clock"]) == (1, "2018-07-01T08:00:00Z")
    assert (told["quarantined"], told["deferred"]) == (2, 1)
    assert set(told["queues"]) == {"101", "102"}
    assert told["lag"] == {"late": [], "alert": [], "never": []}
    assert "1 segments" in call("status", at=home).out


def test_status_answers_without_reports(home: Home, call: Call) -> None:
    home.reports.unlink()
    told = call("status", "--json", at=home).json
    assert told["last_cycle"] is None
    assert call("status", at=home).status == 0
    complains(call("report", "sync", at=home), "mainstem sync")
    assert call("quarantine", "list", "--json", at=home).json == {"quarantine": []}


def test_status_counts_days_of_lag(home: Home, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    push(home, 1, "2", [site(103)])
    run(home)
    for now, lag in (
        ("2018-07-04T08:00:00", {"late": [], "alert": [], "never": [103]}),
        ("2018-07-05T08:00:00", {"late": [101, 102], "alert": [], "never": [103]}),
        ("2018-08-01T08:00:00", {"late": [], "alert": [101, 102], "never": [103]}),
    ):
        monkeypatch.setenv("MAINSTEM_NOW", now)
        assert call("status", "--json", at=home).json["lag"] == lag, now


# report


def cells(said: Said) -> list[dict[str, str]]:
    """The rows of a CSV."""
    return list(csv.DictReader(io.StringIO(said.out)))


# Of these there are no rows in this home: tests/reports has them.
EMPTY = {"stock-outs", "expiring", "redistribution", "transfers", "orders"}


@pytest.mark.parametrize("named_report", [name for name in report.NAMES if name not in EMPTY])
def test_the_formats_of_a_report_agree(named_report: str, home: Home, call: Call) -> None:
    def told(form: str) -> Said:
        said = call("report", named_report, "--format", form, at=home)
        assert (said.status, said.err) == (0, "")
        return said

    rows = cells(told("csv"))
    assert rows
    as_json = told("json").json
    plain = [{key: "" if v is None else str(v) for key, v in row.items()} for row in as_json]
    assert plain == rows
    parquet = pl.read_parquet(told("parquet").bytes)
    assert parquet.columns == list(rows[0])
    assert parquet.height == len(rows)
    sheet = openpyxl.load_workbook(io.BytesIO(told("xlsx").bytes)).active
    assert sheet is not None
    head, *body = sheet.iter_rows(values_only=True)
    assert list(head) == list(rows[0])
    for row, line, typed in zip(rows, body, parquet.rows(named=True), strict=True):
        for (key, text), cell in zip(row.items(), line, strict=True):
            if isinstance(typed[key], float | int):
                assert float(text) == pytest.approx(float(str(cell)))
                assert typed[key] == pytest.approx(float(text))
            else:
                day = str(cell).removesuffix(" 00:00:00")
                assert text == ("" if cell is None else day)
    table = told("table").out.splitlines()
    assert table[0].split() == list(rows[0])
    assert len(table) == len(rows) + 2
    for row, shown in zip(rows, table[2:], strict=True):
        assert [shown.find(text) >= 0 for text in row.values()] == [True] * len(row)
    assert call("report", named_report, at=home).out.splitlines() == table


def test_within_says_how_many_days_ahead(home: Home, call: Call) -> None:
    def days(*told: str) -> list[str]:
        rows = cells(call("report", "expiring", "--format", "csv", *told, at=home))
        return [row["days_to_expiry"] for row in rows]

    assert days() == days("--within", "547") == []
    assert days("--within", "548") == ["548", "548"]
    said = call("report", "expiring", "--within", "-1", at=home)
    complains(said, "--within", "whole number", status=2)


def test_numbers_have_no_needless_decimals_and_text_stays_text(home: Home, call: Call) -> None:
    rows = cells(call("report", "stock-on-hand", "--format", "csv", at=home))
    found = {row["item_code"]: row for row in rows}
    assert (found["AMOX"]["quantity"], found["AMOX"]["value"]) == ("50", "12.5")
    assert (found["FX"]["quantity"], found["FX"]["value"]) == ("12.5", "3.125")
    assert found["FX"]["months_of_stock"] == ""
    assert found["FX"]["item_name"] == '=1+1, "so-called"'
    assert found["AMOX"]["amc"] == "8.333333"
    xlsx = call("report", "stock-on-hand", "--format", "xlsx", at=home).bytes
    sheet = openpyxl.load_workbook(io.BytesIO(xlsx)).active
    assert sheet is not None
    (cell,) = [c for row in sheet.iter_rows() for c in row if str(c.value).startswith("=1+1")]
    assert cell.data_type == "s", "no formula"


def test_numbers_beyond_all_are_still_valid_in_every_format(home: Home, call: Call) -> None:
    huge = item_line("S101", "ORS", 1e308, pack_size=1e10)
    push(home, 101, "3", [huge, item_line("S101", "AMOX", 1e19)])
    run(home)
    by_item = {
        row["item_code"]: row
        for row in cells(call("report", "stock-on-hand", "--format", "csv", at=home))
    }
    assert by_item["ORS"]["quantity"] == ""
    assert float(by_item["AMOX"]["quantity"]) == 1e20
    told = call("report", "stock-on-hand", "--format", "json", at=home)
    assert "Infinity" not in told.out
    assert {row["item_code"]: row["quantity"] for row in told.json}["ORS"] is None
    for form in ("table", "xlsx", "parquet"):
        assert call("report", "stock-on-hand", "--format", form, at=home).status == 0


FILTERS: dict[str, Callable[[dict[str, str]], bool]] = {
    "--store S101": lambda row: row["store_code"] == "S101",
    "--store S101 --store S102": lambda _: True,
    "--item FX": lambda row: row["item_code"] == "FX",
    "--region North": lambda row: row["store_code"] == "S101",
    "--site 101 --item AMOX": lambda row: row["item_code"] == "AMOX",
    "--site 102": lambda _: False,
}


@pytest.mark.parametrize("given", FILTERS)
def test_a_report_can_be_narrowed(given: str, home: Home, call: Call) -> None:
    whole = cells(call("report", "stock-on-hand", "--format", "csv", at=home))
    said = call("report", "stock-on-hand", "--format", "csv", *given.split(), at=home)
    assert cells(said) == [row for row in whole if FILTERS[given](row)]
    assert said.out.startswith("store_code,store_name,item_code,")


LIKE = {
    ("region", "nort"): ". What is most like it: North.",
    ("store", "S1011"): ". What is most like it: S101, S102",
    ("item", "rs"): ". What is most like it: ORS, ",
    ("site", "10"): ". What is most like it: 101, ",
    ("district", "North"): ", nor any other.",
    ("level", "None"): ", nor any other.",
    ("category", "None"): ", nor any other.",
    ("programme", "None"): ", nor any other.",
}


@pytest.mark.parametrize(("word", "value"), LIKE)
def test_what_nothing_has_is_told_with_what_is_like_it(
    word: str, value: str, home: Home, call: Call
) -> None:
    said = call("report", "stock-on-hand", f"--{word}", value, at=home)
    assert said.status == 1
    assert said.err.startswith(f"There is no {word} {value}{LIKE[word, value]}")


def test_help_of_reports_has_examples_that_work(home: Home, call: Call, tmp_path: Path) -> None:
    said = call("report", "--help").out
    lines = [line.strip() for line in said.splitlines()]
    examples = [line.split() for line in lines if line.startswith("mainstem report")]
    for _, *example in examples:
        told = [part.replace("KMK", "S101").replace("use.", f"{tmp_path}/use.") for part in example]
        assert call(*told, at=home).status == 0, example
    assert len(examples) == 2


def test_from_to_and_as_of(home: Home, call: Call) -> None:
    def rows(*given: str) -> list[dict[str, str]]:
        return cells(call("report", *given, "--format", "csv", at=home))

    assert [row["quantity"] for row in rows("consumption")] == ["25"]
    assert rows("consumption", "--to", "2018-05-19") == []
    assert rows("consumption", "--from", "2018-05-21") == []
    assert len(rows("consumption", "--from", "2018-05-20", "--to", "2018-05-20")) == 1
    as_of = {
        day: rows("stock-on-hand", "--as-of", day, "--item", "AMOX")
        for day in ("2018-04-30", "2018-05-01", "2018-05-20")
    }
    assert [[row["quantity"] for row in found] for found in as_of.values()] == [[], ["75"], ["50"]]
    assert date.fromisoformat(rows("stock-by-batch")[0]["expiry_date"]) == date(2019, 12, 31)


@pytest.mark.parametrize("ending", ["csv", "json", "xlsx", "parquet"])
def test_output_goes_to_a_file_in_the_format_of_its_ending(
    ending: str, home: Home, call: Call, tmp_path: Path
) -> None:
    target = tmp_path / f"out.{ending}"
    said = call("report", "stock-on-hand", "--output", target, at=home)
    assert (said.status, said.bytes, said.err) == (0, b"", f"2 rows in {target}.\n")
    if ending != "xlsx":  # a workbook tells the time at which it was made
        expected = call("report", "stock-on-hand", "--format", ending, at=home).bytes
        assert target.read_bytes() == expected
    assert sorted(path.name for path in tmp_path.iterdir()) == ["home", f"out.{ending}"]


def test_output_is_whole_or_not_at_all(
    home: Home, call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "out.csv"
    target.write_text("old", encoding="utf-8")
    real = Path.write_bytes

    def full(path: Path, content: bytes) -> int:
        real(path, content[:5])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    complains(call("report", "sync", "--output", target, at=home), "No space left", "out.csv")
    assert target.read_text(encoding="utf-8") == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["home", "out.csv"]


# quarantine


def test_the_quarantine_tells_where_a_line_came_from_and_why(home: Home, call: Call) -> None:
    told = call("quarantine", "list", "--json", at=home).json
    assert set(told) == {"quarantine"}
    keys = ["id", "site", "segment", "line", "table", "record", "reason", "detail", "received_at"]
    assert [list(row) for row in told["quarantine"]] == [keys, keys]
    owner, malformed = told["quarantine"]
    assert (owner["site"], owner["segment"], owner["line"]) == (102, "1.ndjson", 1)
    assert (owner["table"], owner["record"], owner["reason"]) == (
        "item_line",
        "S101-ORS",
        "not_owner",
    )
    assert "101" in owner["detail"]
    assert owner["received_at"] == "2018-07-01T08:00:00Z"
    assert (malformed["line"], malformed["reason"]) == (3, "malformed")
    assert owner["id"] < malformed["id"]
    listed = call("quarantine", "list", at=home).out.splitlines()
    assert listed[0].split() == keys
    assert len(listed) == 3 and "not_owner" in listed[1]
    deferred = call("quarantine", "list", "--json", "--deferred", at=home).json["quarantine"]
    assert [(row["line"], row["reason"]) for row in deferred] == [(2, "deferred")]
    for given, count in (("--site 102", 2), ("--site 101", 0), ("--reason malformed", 1)):
        rows = call("quarantine", "list", "--json", *given.split(), at=home).json["quarantine"]
        assert len(rows) == count, given
    asked = call("quarantine", "list", "--site", "9", at=home)
    complains(asked, "There is no site 9. What is most like it: ")
    shown = call("quarantine", "show", owner["id"], "--json", at=home).json
    assert json.loads(shown["text"])["recordId"] == "S101-ORS"
    assert shown["meaning"]
    assert "not_owner" in call("quarantine", "show", owner["id"], at=home).out
    exported = [json.loads(line) for line in call("quarantine", "export", at=home).out.splitlines()]
    assert [row["reason"] for row in exported] == ["not_owner", "deferred", "malformed"]
    assert exported[2]["text"] == "{"


def test_a_line_in_quarantine_without_a_detail_shows_that_it_has_none(
    home: Home, call: Call
) -> None:
    push(home, 101, "3", [delete("his_ward", "W1")])
    run(home)
    *_, local = call("quarantine", "list", at=home).out.splitlines()
    assert local.split()[-3:-1] == ["local_only", "-"]


def test_retry_releases_a_line_whose_cause_was_mended(home: Home, call: Call) -> None:
    (wrong,) = call("quarantine", "list", "--json", "--reason", "not_owner", at=home).json[
        "quarantine"
    ]
    assert call("quarantine", "retry", "--json", wrong["id"], at=home).json == {"asked": 1}
    told = run(home)
    assert (told["released"], told["held_again"], told["changes"]) == (0, 1, 0), "it still stands"
    assert len(held(home)) == 3
    push(home, 1, "2", [store("S101", 102)])
    run(home)
    assert "1 line will" in call("quarantine", "retry", wrong["id"], at=home).out
    assert call("status", "--json", at=home).json["requests"] == 1
    told = run(home)
    assert (told["released"], told["held_again"], told["accepted"]) == (1, 0, 0)
    assert [reason for *_, reason in held(home)] == ["deferred", "malformed"]
    assert call("status", "--json", at=home).json["requests"] == 0
    rows = cells(call("report", "stock-on-hand", "--format", "csv", "--item", "ORS", at=home))
    assert [row["quantity"] for row in rows] == ["10"]


def test_retry_without_an_id_asks_for_all_in_quarantine(home: Home, call: Call) -> None:
    assert call("quarantine", "retry", "--json", at=home).json == {"asked": 2}
    assert call("quarantine", "retry", "--json", at=home).json == {"asked": 2}
    told = run(home)
    assert (told["released"], told["held_again"], told["quarantined"]) == (0, 2, 0)
    assert len(held(home)) == 3
    assert files(home.requests) == {}
    assert "2 lines will" in call("quarantine", "retry", at=home).out
    said = call("sync", at=home).out
    assert "2 lines stay refused or wait" in said and "quarantine list" in said


def test_o13_a_deferred_line_is_released_when_its_store_comes(home: Home, call: Call) -> None:
    push(home, 1, "2", [name("S199"), store("S199", 102)])
    assert run(home)["released"] == 1
    assert call("quarantine", "list", "--deferred", at=home).out == "Nothing is deferred.\n"


# verify


def test_verify_says_where_ledger_and_stock_lines_disagree(home: Home, call: Call) -> None:
    told = call("verify", "--json", at=home).json
    assert (told["whole"], told["cycles"], told["problems"]) == (True, 1, [])
    assert told["ledger_disagreements"] == [
        {"store_code": "S101", "item_code": "FX", "ledger": 0, "stock_lines": 12.5}
    ]
    assert "store S101, item FX" in call("verify", at=home).out
    assert "is whole" in call("verify", at=home).out


def test_verify_says_what_stands_in_no_report(home: Home, call: Call) -> None:
    assert call("verify", "--json", at=home).json["unknown_items"] == []
    lines = [item_line("S101", "GHOST", 2), item_line("S101", "GHOST", 0, ID="empty")]
    push(home, 101, "3", [*lines, *receipt("S101", "2018-05-02", 2, "GHOST")])
    run(home)
    told = call("verify", "--json", at=home).json
    assert (told["whole"], len(told["ledger_disagreements"])) == (True, 1)
    assert told["unknown_items"] == [
        {"store_code": "S101", "item_id": "GHOST", "stock_lines": 1, "movements": 1}
    ]
    assert "store S101, item 'GHOST': the item is not known" in call("verify", at=home).out


WRONG: dict[str, tuple[Callable[[Home], object], str]] = {
    "reports are gone": (lambda home: home.reports.unlink(), "The reports show cycle 0"),
    "an outbox file is gone": (
        lambda home: next(home.outbox.glob("102/*")).unlink(),
        "site 102 is missing or cut",
    ),
    "the warehouse is older than the archive": (
        lambda home: shutil.copytree(
            manifest(home).parent, home.archive / "000000/000000002"
        ).joinpath("manifest.json").write_text(
            manifest(home).read_text(encoding="utf-8").replace('"cycle": 1', '"cycle": 2'),
            encoding="utf-8",
        ),
        "The warehouse has 1 cycles, the archive 2",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", WRONG)
def test_verify_says_what_is_not_whole(what: str, home: Home, call: Call) -> None:
    damage, word = WRONG[what]
    damage(home)
    said = call("verify", "--json", at=home)
    assert (said.status, said.json["whole"]) == (1, False)
    assert [word in problem for problem in said.json["problems"]] == [True]
    assert "not whole" in call("verify", at=home).out


LONG = "select count(*) from range(1000000000) as one(a), range(1000) as two(b) where hash(a) = b"


@pytest.mark.parametrize("command", ["sync", "rebuild"])
def test_ctrl_c_within_a_query_stops_as_anywhere(
    command: str, home: Home, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    def collect(hub: Hub) -> None:
        threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()
        hub.con.execute(LONG)

    before = reports(home)
    with monkeypatch.context() as patch:
        patch.setitem(cycle.STAGES, "collector", collect)
        said = call(command, at=home)
    assert (said.status, said.err.splitlines()[-1]) == (
        130,
        "Stopped. Nothing is lost: 'mainstem sync' goes on where it was.",
    )
    assert call("sync", at=home).status == 0
    assert reports(home) == before
