"""Files as they come in the field: cut, half-written, odd, damaged, read while replaced."""

import json
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import builders
import duckdb
import pytest
from builders import (
    archived,
    country,
    delete,
    files,
    held,
    item,
    item_line,
    outbox,
    packed,
    push,
    put,
    read,
    receipt,
    site,
    store,
    text,
    told,
    trans_line,
    transact,
    waiting,
)

from pipelines import cycle, publish
from pipelines import home as homes
from pipelines.admin.verify import verify
from pipelines.errors import MainstemError
from pipelines.home import Home
from warehouse import report

run = partial(builders.run, dlt=True)  # what reads the files is a source of dlt's

MIB = 1 << 20


@pytest.fixture(scope="module")
def settled(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home after a cycle: two sites, stock at one, the other a collector of it; not to change."""
    made = homes.make(tmp_path_factory.mktemp("settled") / "home")
    copy = {"ID": "COPY", "store_ID": "S101", "site_ID": 102, "sync_type": "collector"}
    push(made, 1, "1", [*country(), put("store_site", copy)])
    push(made, 101, "1", [*receipt("S101", "2018-05-01", 5), item_line("S101", "AMOX", 5)])
    run(made)
    return made


@pytest.fixture
def home(settled: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A copy of it, to change."""
    return Home(Path(shutil.copytree(settled.path, tmp_path / "home")))


def stock(home: Home) -> float:
    """What S101 has of AMOX, in units."""
    rows = read(home, "stock-on-hand", stores=("S101",), items=("AMOX",))["quantity"]
    return rows.item()


def raw(data: str, table: str = "item_line", record: str = "X", action: str = "update") -> str:
    """A line with recordData as its very text."""
    head = f'"tableName":"{table}","recordId":"{record}","action":"{action}"'
    return f'{{{head},"recordData":{data}}}'


# Readers


def test_a_reader_keeps_the_reports_that_it_opened(home: Home) -> None:
    push(home, 101, "2", [item_line("S101", "AMOX", 9)])
    query = "select packs from stock_line where stock_line_id = 'S101-AMOX'"
    with report.opened(home.reports) as before:
        assert before.execute(query).fetchall() == [(5,)]
        run(home)
        assert before.execute(query).fetchall() == [(5,)]
        with report.opened(home.reports) as now:
            assert now.execute(query).fetchall() == [(9,)]


def test_reports_are_swapped_in_never_written_over(home: Home) -> None:
    with home.reports.open("rb") as opened:
        before = opened.read()
        push(home, 101, "2", [item_line("S101", "AMOX", 9)])
        run(home)
        opened.seek(0)
        assert opened.read() == before != home.reports.read_bytes()


def test_reports_are_copied_from_the_beginning_of_a_cycle(home: Home) -> None:
    with cycle.opened(home) as hub:
        cycle.begin(hub)
        assert hub.copied
        assert hub.copied.result().read_bytes() == home.reports.read_bytes()
    assert not hub.copied and not list(home.path.glob(".*.part")), "thrown away, if it is not used"
    push(home, 101, "2", [item_line("S101", "AMOX", 9)])
    run(home)
    assert stock(home) == 90 and not list(home.path.glob(".*.part"))


def test_the_marts_wait_for_a_copy_that_takes_long(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_go, real = threading.Event(), shutil.copyfile

    def copy(source: Path, target: Path) -> None:
        may_go.wait(60)
        real(source, target)

    monkeypatch.setattr(publish.shutil, "copyfile", copy)
    with cycle.opened(home) as hub:
        cycle.begin(hub)
        *before, marts = cycle.STAGES
        for stage in before:
            cycle.stage(hub, stage)
        copied = hub.copied
        assert copied and not copied.done()
        threading.Timer(2, may_go.set).start()
        cycle.stage(hub, marts)
        assert copied.done()
    assert stock(home) == 50


def test_what_a_killed_cycle_left_of_a_copy_is_not_taken_for_the_reports(home: Home) -> None:
    left = home.reports.rename(home.path / ".reports.duckdb.part")
    with duckdb.connect(str(left)) as con:
        con.execute("update marts.held set quantity = 77")
    run(home)
    assert stock(home) == 50


def test_reports_that_cannot_be_copied_stop_the_stage_that_needs_them(home: Home) -> None:
    before = home.reports.read_bytes()
    in_the_way = home.path / ".reports.duckdb.part"
    in_the_way.mkdir()
    push(home, 101, "2", [item_line("S101", "AMOX", 9)])
    with pytest.raises(MainstemError, match=r"failed in its stage marts.*\.part"):
        run(home)
    assert home.reports.read_bytes() == before
    in_the_way.rmdir()
    run(home)
    assert stock(home) == 90


def test_a_cycle_ends_while_another_process_has_the_reports_open(home: Home) -> None:
    reader = """
import duckdb, sys
con = duckdb.connect(sys.argv[1], read_only=True)
print(con.execute("select max(cycle) from marts.cycle").fetchone()[0], flush=True)
sys.stdin.read()
print(con.execute("select max(cycle) from marts.cycle").fetchone()[0])
"""
    command = [sys.executable, "-c", reader, str(home.reports)]
    with subprocess.Popen(command, stdin=-1, stdout=-1, text=True) as child:
        assert child.stdout and child.stdout.readline() == "1\n"
        push(home, 101, "2", [item_line("S101", "AMOX", 9)])
        assert run(home)["cycle"] == 2
        assert child.communicate()[0] == "1\n"
    assert child.returncode == 0
    assert stock(home) == 90


def test_reports_answer_while_a_cycle_runs(home: Home) -> None:
    seen: list[float] = []
    failed: list[BaseException] = []
    ended = threading.Event()

    def look() -> None:
        try:
            while not ended.is_set():
                seen.append(stock(home))
        except BaseException as error:
            failed.append(error)

    reader = threading.Thread(target=look)
    reader.start()
    push(home, 101, "2", [item_line("S101", "AMOX", 9)])
    run(home)
    ended.set()
    reader.join()
    assert failed == []
    assert len(seen) > 3
    assert set(seen) <= {50, 90}, "a report shows one cycle or the next, nothing between"
    assert stock(home) == 90


# The outbox


def test_outbox_files_that_are_missing_or_cut_are_published_again(home: Home) -> None:
    push(home, 101, "2", [item_line("S101", "AMOX", 9), *receipt("S101", "2018-05-02", 4)])
    run(home)
    published = files(home.outbox)
    missing, cut, emptied, longer = sorted(home.outbox.glob("*/*.ndjson"))
    missing.unlink()
    cut.write_bytes(cut.read_bytes()[:-10])
    emptied.write_bytes(b"")
    longer.write_bytes(longer.read_bytes() + b"{}\n")
    problems = verify(home)["problems"]
    assert len([problem for problem in problems if "outbox" in problem]) == 4
    run(home)
    assert files(home.outbox) == published
    shutil.rmtree(home.outbox)
    run(home)
    assert files(home.outbox) == published


def test_outbox_lines_are_numbered_without_gaps_over_files_named_after_them(home: Home) -> None:
    for number in (2, 3):
        push(home, 101, f"{number}", [item_line("S101", "AMOX", number)])
        push(home, 1, f"{number}", [item(f"NEW{number}"), item(f"MORE{number}")])
        run(home)
    for folder, key in (("102", "sequence"), ("central", "ID")):
        lines = outbox(home, folder)
        assert [line[key] for line in lines] == list(range(1, len(lines) + 1))
        named = [
            tuple(map(int, path.stem.split("-")))
            for path in sorted((home.outbox / folder).iterdir())
        ]
        assert len(named) == 3
        assert named[0][0] == 1 and named[-1][1] == len(lines)
        assert [first for first, _ in named[1:]] == [last + 1 for _, last in named[:-1]]


# Segments


def test_a_compressed_segment_that_is_cut_is_set_aside_whole_and_the_rest_goes_on(
    home: Home,
) -> None:
    lines = [item_line("S101", f"I{number}", number) for number in range(500)]
    cuts = 0
    for ending in (".ndjson.gz", ".ndjson.zst"):
        whole = packed(text(lines), ending)
        for cut in (0, 1, 5, 15, len(whole) // 2, len(whole) - 9, len(whole) - 1):
            push(home, 101, f"2-{cuts:02d}{ending}", b"").write_bytes(whole[:cut])
            cuts += 1
        push(home, 101, f"2-{cuts:02d}{ending}", b"").write_bytes(whole + b"{}")
        cuts += 1
    push(home, 101, "3.ndjson.zst", [item_line("S101", "AMOX", 7)])
    push(home, 102, "1", [item_line("S102", "ORS", 1)])
    summary = run(home)
    # The same bytes twice are one segment sent twice: the two empty files.
    assert (summary["quarantined"], summary["duplicate"]) == (cuts - 1, 1)
    assert summary["accepted"] == 2
    expected = {(101, 0, "malformed")}
    assert {(number, line, reason) for number, _, line, reason in held(home)} == expected
    assert stock(home) == 70
    assert "item_line" in {row["table"] for row in read(home, "records").to_dicts()}
    assert read(home, "stock-by-batch", stores=("S101",)).height == 1
    assert verify(home)["whole"]
    push(home, 101, "4.ndjson.gz", lines)
    assert run(home)["accepted"] == 500


@pytest.mark.parametrize("ending", [".ndjson.gz", ".ndjson.zst"])
def test_a_compressed_segment_may_be_made_of_several_parts(home: Home, ending: str) -> None:
    parts = [packed(text([item_line("S101", code, 3)]), ending) for code in ("AMOX", "ORS")]
    push(home, 101, f"2{ending}", b"").write_bytes(b"".join(parts))
    assert run(home)["accepted"] == 2


def test_files_that_are_no_segment_are_left_alone(home: Home) -> None:
    line = text([item_line("S101", "AMOX", 9)])
    odd = ["2.part", "2.ndjson.part", "2.ndjson.tmp", ".2.ndjson", ".2.ndjson.Xa93", "2.json"]
    odd += ["2.ndjson.bz2", "README"]
    for name in odd:
        (home.inbox / "101" / name).write_bytes(line)
    (home.inbox / "101" / "folder.ndjson").mkdir()
    for folder in ("north", "0101", "-1", "0", "101.bak"):
        (home.inbox / folder).mkdir()
        (home.inbox / folder / "2.ndjson").write_bytes(line)
    (home.inbox / "3.ndjson").write_bytes(line)
    before = files(home.inbox)
    assert (run(home)["segments"], stock(home)) == (0, 50)
    assert files(home.inbox) == before
    assert verify(home)["whole"]


def test_a_segment_counts_once_it_has_its_final_name(home: Home) -> None:
    part = home.inbox / "101" / "2.ndjson.part"
    part.write_bytes(text([item_line("S101", "AMOX", 9)]))
    assert run(home)["segments"] == 0
    part.rename(part.with_suffix(""))
    assert run(home)["segments"] == 1
    assert (stock(home), waiting(home)) == (90, [])


def test_segments_are_applied_by_name_and_what_comes_between_cycles_waits(home: Home) -> None:
    push(home, 101, "10", [item_line("S101", "AMOX", 10)])
    push(home, 101, "09", [item_line("S101", "AMOX", 9)])
    push(home, 101, "2", [item_line("S101", "AMOX", 2)])
    run(home)
    assert stock(home) == 20, "2 comes after 10: names are text"
    push(home, 101, "1", [item_line("S101", "AMOX", 1)])  # a name of an earlier cycle
    push(home, 101, "01", [item_line("S101", "AMOX", 4)])
    run(home)
    assert stock(home) == 10
    names = ["1/1", "101/1", "101/09", "101/10", "101/2", "101/01", "101/1"]
    assert archived(home) == [f"{name}.ndjson" for name in names]
    assert verify(home)["whole"]


@pytest.mark.parametrize(
    ("content", "changes"),
    [
        (b"", 0),
        (b"\n", 0),
        (b"\n\n  \n\t\n\r\n", 0),
        (b"%1", 1),
        (b"\n\n%1\n\n%2\n\n", 2),
        (b"%1\r\n%2\r\n", 2),
        (b"%1\r\n\r\n%2", 2),
        (b"%1\n%2\r", 2),
        (b" \t%1  \n%2\t\n", 2),
    ],
)
def test_line_ends_and_empty_lines(home: Home, content: bytes, changes: int) -> None:
    for number, code in ((b"%1", "AMOX"), (b"%2", "ORS")):
        line = told(item_line("S101", code, 8)).encode()
        content = content.replace(number, line)
    push(home, 101, "2", content)
    summary = run(home)
    assert (summary["segments"], summary["changes"]) == (1, changes)
    assert summary["accepted"] == changes
    data = [line["recordData"]["quantity"] for line in outbox(home, 102)[-changes:] if changes]
    assert data == [8] * changes
    assert verify(home)["whole"]


def test_a_line_number_counts_the_empty_lines_too(home: Home) -> None:
    push(home, 101, "2", b"\n\r\n{\n\nnull")
    run(home)
    assert held(home) == [(101, "2.ndjson", 3, "malformed"), (101, "2.ndjson", 5, "malformed")]


def test_a_line_longer_than_64_mib_is_malformed_and_the_rest_goes_on(home: Home) -> None:
    good = [told(item_line("S101", code, 8)).encode() for code in ("AMOX", "ORS")]
    head, tail = (
        b'{"tableName":"item_line","recordId":"X","action":"update","recordData":{"ID":"X","n":"',
        b'"}}',
    )
    fill = b"x" * (64 * MIB - len(head) - len(tail))
    (home.inbox / "101").mkdir(exist_ok=True)
    with (home.inbox / "101" / "2.ndjson").open("wb") as segment:
        segment.write(b"\n".join([good[0], head + fill + b"y" + tail, good[1]]))
    summary = run(home)
    assert (summary["accepted"], summary["quarantined"]) == (2, 1)
    assert held(home) == [(101, "2.ndjson", 2, "malformed")]


# Lines


def with_key(change: dict[str, Any], **told: object) -> dict[str, Any]:
    """A change with some keys of its record replaced."""
    return {**change, "recordData": {**change["recordData"], **told}}


def without(key: str) -> dict[str, Any]:
    """A good line that lacks a key of the envelope."""
    return {name: value for name, value in LINE.items() if name != key}


LINE = item_line("S101", "NEW", 1)
GOOD = '{"ID":"X","store_ID":"S101","quantity":1}'
MALFORMED: dict[str, str | bytes | dict[str, Any]] = {
    "cut": raw(GOOD)[:-9],
    "an array": f"[{raw(GOOD)}]",
    "a string": '"item_line"',
    "null": "null",
    "a number": "17",
    "two objects": raw(GOOD) + raw(GOOD),
    "text behind": raw(GOOD) + " x",
    "single quotes": raw(GOOD).replace('"', "'"),
    "a comment": raw(GOOD.replace("1}", "1/* one */}")),
    "a key without quotes": raw('{ID:"X"}'),
    "NaN": raw('{"ID":"X","store_ID":"S101","quantity":NaN}'),
    "NaN in an array": raw('{"ID":"X","store_ID":"S101","of":[ NaN ]}'),
    "nan": raw('{"ID":"X","store_ID":"S101","quantity": nan}'),
    "Infinity": raw('{"ID":"X","store_ID":"S101","quantity":Infinity}'),
    "-Infinity": raw('{"ID":"X","store_ID":"S101","of":[1,-Infinity]}'),
    "a leading zero": raw('{"ID":"X","store_ID":"S101","quantity":01}'),
    "a plus": raw('{"ID":"X","store_ID":"S101","quantity":+1}'),
    "a bare point": raw('{"ID":"X","store_ID":"S101","quantity":1.}'),
    "a point first": raw('{"ID":"X","store_ID":"S101","quantity":.5}'),
    "hexadecimal": raw('{"ID":"X","store_ID":"S101","quantity":0x1}'),
    "True": raw('{"ID":"X","store_ID":"S101","hold":True}'),
    "a trailing comma": raw('{"ID":"X","store_ID":"S101",}'),
    "a trailing comma in an array": raw('{"ID":"X","store_ID":"S101","of":[1, ]}'),
    "a trailing comma behind the data": raw(GOOD)[:-1] + ",}",
    "a tab in a string": raw('{"ID":"X","store_ID":"S101","note":"a\tb"}'),
    "an unknown escape": raw('{"ID":"X","store_ID":"S101","note":"\\x41"}'),
    "a NUL": raw(GOOD).encode().replace(b"1}", b"1\0}"),
    "tableName twice": '{"tableName":"item_line",' + raw(GOOD)[1:],
    "recordData twice": raw(GOOD)[:-1] + ',"recordData":' + GOOD + "}",
    "action twice, one escaped": raw(GOOD)[:-1] + ',"\\u0061ction":"update"}',
    "an unknown key twice": raw(GOOD)[:-1] + ',"x":1,"x":1}',
    "no tableName": without("tableName"),
    "no recordId": without("recordId"),
    "no action": without("action"),
    "no recordData": without("recordData"),
    "an empty recordId": raw(GOOD, record=""),
    "an empty tableName": raw(GOOD, table=""),
    "an unknown action": raw(GOOD, action="upsert"),
    "recordId a number": raw(GOOD).replace('"recordId":"X"', '"recordId":7'),
    "action null": raw(GOOD).replace('"update"', "null"),
    "tableName an object": raw(GOOD).replace('"item_line"', "{}"),
    "recordData an array": raw("[]"),
    "recordData a string": raw('"{}"'),
    "recordData null": raw("null"),
    "half a character in recordId": raw(GOOD.replace('"X"', '"\\ud800"'), record="\\ud800"),
    "half a character in tableName": raw(GOOD).replace("item_line", "item_\\udfff"),
    "half a character in action": raw(GOOD).replace("update", "upd\\ud83d"),
    "recordId of another record": raw(GOOD, record="Y"),
    "recordId in another letter case": raw(GOOD, record="x"),
    "an id that is a number": with_key(LINE, ID=7),
    "an owner that is a number": with_key(LINE, store_ID=7),
    "a parent that is an object": with_key(trans_line("T", "A", "stock_in", 1), transaction_ID={}),
    "a quantity in quotes": with_key(LINE, quantity="1"),
    "a quantity that is true": with_key(LINE, quantity=True),
    "a quantity that is an array": with_key(LINE, quantity=[1]),
    "a quantity that is an object": with_key(LINE, quantity={"is": 1}),
    "a batch that is a number": with_key(LINE, batch=7),
    "a date that is a number": with_key(LINE, expiry_date=20180501),
    "a date that is none": with_key(LINE, expiry_date="2018-02-30"),
    "a date in words": with_key(LINE, expiry_date="today"),
    "an endless date": transact("T", "S101", "si", "SUPPLIER", "infinity"),
    "a date before time": transact("T", "S101", "si", "SUPPLIER", "-infinity"),
    "a number beyond all": transact("T", "S101", "si", "SUPPLIER", "2018-05-01", invoice_num=1e300),
    "a broken number": transact("T", "S101", "si", "SUPPLIER", "2018-05-01", invoice_num=1.5),
    "a merge without ids": raw("{}", action="merge"),
    "not UTF-8": raw(GOOD).encode().replace(b"S101", b"S1\xff1"),
    "UTF-8, too long": raw(GOOD).encode().replace(b"S101", b"S1\xc0\x8001"),
    "half a pair in UTF-8": raw(GOOD).encode().replace(b"S101", b"\xed\xa0\x80"),
    "Latin-1": raw(GOOD).replace("S101", "é").encode("latin-1"),
    "UTF-16": raw(GOOD).encode("utf-16-le").replace(b"\n", b""),
    "a byte order mark": b"\xef\xbb\xbf" + raw(GOOD).encode(),
}
ODD_SITES: dict[str, dict[str, Any]] = {
    "a site of no whole number": site(150, site_ID=150.5),
    "a site beyond all numbers": site(150, site_ID=1e30),
    "site 0": site(150, site_ID=0),
    "a site in words": site(150, site_ID="150"),
    "a store beyond all sites": store("S150", 0, sync_id_remote_site=1e30),
    "a store at half a site": store("S150", 0, sync_id_remote_site=101.5),
    "a site that is an array": site(150, site_ID=[150]),
    "a flag that is a number": store("S150", 101, disabled=1),
    "a flag in words": store("S150", 101, disabled="true"),
}


@pytest.fixture(scope="module")
def refused(settled: Home, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The reason why each malformed line is held, by what is wrong with it; they do not mix."""
    home = Home(Path(shutil.copytree(settled.path, tmp_path_factory.mktemp("refused") / "home")))
    found: dict[str, str] = {}
    for number, cases in ((101, MALFORMED), (1, ODD_SITES)):
        good = [item("LAST") if number == 1 else item_line("S101", "AMOX", 9)]
        push(home, number, "2", [*cases.values(), *good])
    summary = run(home)
    assert summary["accepted"] == 2, "the good lines behind them"
    for number, segment, line, reason in held(home):
        assert segment == "2.ndjson"
        found[list(MALFORMED if number == 101 else ODD_SITES)[line - 1]] = reason
    assert stock(home) == 90
    assert run(home)["cycle"] == 3, "what is held does not stop the next cycle"
    assert verify(home)["whole"]
    return found


@pytest.mark.parametrize("wrong", [*MALFORMED, *ODD_SITES])
def test_a_malformed_line_is_held(wrong: str, refused: dict[str, str]) -> None:
    assert refused.get(wrong, "accepted") == "malformed"


ITEM = '{"ID":"X","code":"X","item_name":"Item X"'
VERBATIM = {
    "plain": ITEM + "}",
    "an exponent": ITEM + ',"n":1e3}',
    "exponents": ITEM + ',"n":[1E+2,1e-7,1.50e+10,-0,-0.0,0.10]}',
    "a long number": ITEM + ',"n":123456789012345678901234567890.12345678901234567890}',
    "escapes": ITEM + ',"n":"\\u00e9\\/\\"\\\\\\b\\f\\n\\r\\t\\u0041"}',
    "an escaped NUL": ITEM + ',"n":"a\\u0000b"}',
    "letters": ITEM + ',"n":"é ß 漢字 🏥 \u2028\u00a0"}',
    "spaces": '{ "ID" : "X" ,  "code":"X"\t, "item_name" :\t"Item X" }',
    "an unknown key": ITEM + ',"of a later version":{"a":[{}, [], null, true,false]}}',
    "a key twice": ITEM + ',"n":1,"n":2}',
    "the envelope in a string": ITEM + ',"n":"\\"recordData\\":{}}"}',
    "what looks like NaN": ITEM + ',"n":"a, NaN:NaN [NaN ,} ,]"}',
    "deep": ITEM + ',"n":' + "[" * 900 + "]" * 900 + "}",
    "without its own id": '{"code":"X"}',
    "nothing at all": "{}",
}
# Each around one of VERBATIM: all that an envelope may look like.
ENVELOPES = {
    "as sites push": '{"syncOutId":"1",$table,$id,"action":"update","recordData":%}',
    "without syncOutId": '{$table,$id,"action":"insert","recordData":%}',
    "spaced": ' { "tableName" : "item",\t"recordId": "X", "action": "update", "recordData" :  % } ',
    "in another order": '{"recordData":%,"action":"Update",$id,$table}',
    "with unknown keys": '{$table,"v":[1e3,{}],$id,"action":"UPDATE","recordData":%,"z":null}',
    "escaped": '{"table\\u004eame":"it\\u0065m",$id,"action":"update","recordData":%}',
    "syncOutId a number": '{"syncOutId":7,$table,$id,"action":"update","recordData":%}',
}


@pytest.fixture(scope="module")
def passed_on(settled: Home, tmp_path_factory: pytest.TempPathFactory) -> Iterator[set[str]]:
    """The lines of the central log, from recordData on, after every text in every envelope."""
    home = Home(Path(shutil.copytree(settled.path, tmp_path_factory.mktemp("passed") / "home")))
    lines = []
    for envelope in ENVELOPES.values():
        for data in VERBATIM.values():
            number = str(len(lines))
            line = envelope.replace("$table", '"tableName":"item"').replace("$id", '"recordId":"X"')
            lines.append(line.replace("%", data).replace('"X"', f'"X{number}"'))
    push(home, 1, "2", lines)
    assert run(home)["accepted"] == len(lines) == len(ENVELOPES) * len(VERBATIM)
    log = b"".join(path.read_bytes() for path in sorted((home.outbox / "central").iterdir()))
    yield {line.decode().partition('"recordData":')[2] for line in log.split(b"\n")}


@pytest.mark.parametrize("data", VERBATIM)
@pytest.mark.parametrize("envelope", ENVELOPES)
def test_record_data_is_passed_on_as_the_very_text_it_came_as(
    envelope: str, data: str, passed_on: set[str]
) -> None:
    number = list(ENVELOPES).index(envelope) * len(VERBATIM) + list(VERBATIM).index(data)
    assert VERBATIM[data].replace('"X"', f'"X{number}"') + "}" in passed_on


def test_store_data_is_passed_on_as_its_very_text_too(home: Home) -> None:
    data = '{"ID":"X", "store_ID":"S101","item_ID":"AMOX","quantity":1.50e1,"note":"\\u00e9\\/"}'
    push(home, 101, "2", [raw(data)])
    run(home)
    (queue,) = sorted((home.outbox / "102").iterdir())[-1:]
    assert queue.read_text(encoding="utf-8").endswith(f'"recordData":{data}}}\n')


@pytest.mark.parametrize(
    "line",
    [
        delete("item_line", "S101-AMOX"),
        delete("item_line", "S101-AMOX") | {"action": "Delete", "recordData": None},
        delete("item_line", "S101-AMOX") | {"recordData": {"ID": "S101-AMOX"}},
        delete("item_line", "S101-AMOX") | {"recordData": "gone"},
    ],
)
def test_a_delete_needs_no_record(home: Home, line: dict[str, Any]) -> None:
    push(home, 101, "2", [line])
    assert run(home)["accepted"] == 1
    sent = outbox(home, 102)[-1]
    assert (sent["action"], sent["recordId"], sent["recordData"]) == ("delete", "S101-AMOX", None)
    assert read(home, "stock-by-batch").is_empty()


def test_an_unknown_table_is_kept_whole(home: Home) -> None:
    data = '{"ID": "X", "n":1e3}'
    push(home, 101, "2", [raw(data, table="of_a_later_version")])
    assert run(home)["quarantined"] == 1
    with duckdb.connect(str(home.warehouse), read_only=True) as con:
        kept = con.execute("select data from landing.change order by cursor desc limit 1")
        assert kept.fetchone() == (data,)
    assert held(home) == [(101, "2.ndjson", 1, "unknown_table")]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("not JSON", "{"),
        ("not an object", "[1]"),
        ("not a list", '{"retry": "x"}'),
        ("not numbers", '{"retry": ["x", null, 1e300, {}]}'),
        ("unknown", '{"dance": true}'),
        ("not UTF-8", "\udcff"),
    ],
)
def test_a_request_that_cannot_be_read_stops_no_cycle(home: Home, name: str, content: str) -> None:
    (home.requests / "1.json").write_bytes(content.encode(errors="surrogateescape"))
    push(home, 101, "2", [item_line("S101", "AMOX", 9)])
    assert run(home)["accepted"] == 1
    assert run(home)["changes"] == 0
    assert not list(home.requests.glob("*.json"))


def test_lines_that_lack_their_own_id_are_told_apart_by_record_id(home: Home) -> None:
    for number in (1, 2):
        data = json.dumps({"store_ID": "S101", "item_ID": "ORS", "quantity": number})
        push(home, 101, f"{number}", [raw(data, record="A"), raw(data, record="B")])
        assert run(home)["accepted"] == 2
    batches = read(home, "stock-by-batch", items=("ORS",))
    assert batches["quantity"].to_list() == [2, 2]
