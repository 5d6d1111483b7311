"""The files of the outbox: names, numbers, the lines' very text; and what a retried table does."""

import json
from pathlib import Path

import pytest
from invariants import whole
from scene import Scene

from pipelines import records
from pipelines.collector import digests

# Each is valid, and none would survive being read and written again.
TEXTS = {
    "numbers": '{"ID":"L1","store_ID":"A","quantity":1e3,"x":[1.50,-0.0,1E+2,1234567890123456789]}',
    "spaces": '{ "ID" : "L1" ,\t"store_ID":"A", "x" : [ 1 , { } ] }',
    "escapes": r'{"ID":"L1","store_ID":"\u0041","x":"\/ \" \\ \n \u00e9 \ud83d\ude00 }"}',
    "other letters": '{"ID":"L1","store_ID":"A","é":"日本 😀 \u2028 \x85"}',
    "unknown keys, one twice": '{"ID":"L1","store_ID":"A","what":{"recordData":{}},"n":1,"n":2}',
    "an envelope inside": '{"ID":"L1","store_ID":"A","x":"\\"recordData\\":{\\"a\\":1}}"}',
    "keys in another order": '{"z":null,"store_ID":"A","batch":"","ID":"L1"}',
}
HEADS = {
    "plain": '{"tableName":"item_line","recordId":"L1","action":"update","recordData":%s}',
    "spaced": '{ "recordId" : "L1", "action" : "UPDATE","recordData" : %s , "tableName":'
    '"item_line" }',
    "more": '{"syncOutId":"7","tableName":"item_line","recordId":"L1","action":"Insert",'
    '"recordData":%s,"more":[1]}',
}


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("head", HEADS)
@pytest.mark.parametrize("text", TEXTS)
def test_recordData_is_passed_on_as_the_very_text_it_came_as(
    scene: Scene, text: str, head: str
) -> None:
    last = len(scene.lines(103))
    scene.cycle({101: [HEADS[head] % TEXTS[text]]})
    assert scene.verdicts() == ["accepted"]
    assert scene.lines(103)[last:] == [
        f'{{"sequence":{last + 1},"syncOutId":"103-{last + 1}","tableName":"item_line",'
        f'"recordId":"L1","action":"update","recordData":{TEXTS[text]}}}'
    ]


def test_the_lines_of_the_central_log(scene: Scene) -> None:
    last = len(scene.lines("central"))
    text = '{"ID":"I\\"9", "x" : 1e3}'
    merge = '{"mergeIdToKeep":"I1", "mergeIdToDelete":"I2"}'
    scene.cycle(
        {
            1: [
                rf'{{"tableName":"item","recordId":"I\"9","action":"insert","recordData":{text}}}',
                f'{{"tableName":"item","recordId":"I2","action":"MERGE","recordData":{merge}}}',
                '{"tableName":"name","recordId":"CUST","action":"delete"}',
            ]
        }
    )
    assert scene.lines("central")[last:] == [
        rf'{{"ID":{last + 1},"tableName":"item","recordId":"I\"9","action":"update",'
        f'"recordData":{text}}}',
        f'{{"ID":{last + 2},"tableName":"item","recordId":"I2","action":"merge",'
        f'"recordData":{merge}}}',
        f'{{"ID":{last + 3},"tableName":"name","recordId":"CUST","action":"delete",'
        '"recordData":null}',
    ]


def test_a_deletes_line_has_no_data(scene: Scene) -> None:
    scene.cycle({101: [["item_line", "L1", {"store_ID": "A"}]]})
    scene.cycle({101: [["delete", "item_line", "L1"]]})
    told = json.loads(scene.lines(103)[-1])
    assert (told["action"], told["recordId"], told["recordData"]) == ("delete", "L1", None)


def test_numbers_run_on_without_gaps_over_many_cycles(scene: Scene) -> None:
    folder = scene.hub.home.outbox / "103"
    last = len(scene.lines(103))
    before = names(folder)
    for number, size in enumerate([2, 0, 1, 3]):
        lines = [["item_line", f"L{at}", {"store_ID": "A", "n": number}] for at in range(size)]
        scene.cycle({101: lines} if lines else {})
    assert names(folder)[len(before) :] == [
        f"{last + 1:012d}-{last + 2:012d}.ndjson",
        f"{last + 3:012d}-{last + 3:012d}.ndjson",
        f"{last + 4:012d}-{last + 6:012d}.ndjson",
    ]
    whole(scene)


def test_a_published_file_is_not_rewritten_but_when_it_is_missing_or_cut(scene: Scene) -> None:
    outbox = scene.hub.home.outbox
    files = {path: path.read_bytes() for path in outbox.glob("*/*")}
    kept, missing, cut = sorted(files)[:3]
    missing.unlink()
    cut.write_bytes(files[cut][:-5])
    then = kept.stat().st_mtime_ns
    scene.cycle({101: [["item_line", "L1", {"store_ID": "A"}]]})
    assert {path: path.read_bytes() for path in files} == files
    assert kept.stat().st_mtime_ns == then
    assert not list(outbox.glob("*/.*"))


def test_R12_the_queue_counts_the_newest_version_only(scene: Scene) -> None:
    owed = "select count(*) from outbox.owed where site = 103 and table_name = 'item_line'"
    for number in range(3):
        scene.cycle(
            {101: [["item_line", f"L{at}", {"store_ID": "A", "n": number}] for at in (1, 2)]}
        )
    assert scene.rows(owed) == [(2,)]
    scene.cycle({101: [["delete", "item_line", "L1"]]})
    assert scene.rows(owed) == [(2,)]


def test_interface_an_unknown_table_applies_when_a_later_version_knows_it(scene: Scene) -> None:
    con = scene.hub.con
    con.execute("delete from kind where table_name = 'asset'")
    scene.cycle({101: [["asset", "X1", {"store_id": "A"}], ["asset", "X2", {"store_id": "B"}]]})
    assert scene.verdicts() == ["unknown_table", "unknown_table"]
    records.load_kinds(con)
    assert scene.cycle()["released"] == 1
    assert scene.verdicts() == ["accepted", "not_owner"]
    assert scene.record("asset", "X1") == {"store_id": "A"}


def test_interface_a_segment_that_is_damaged_is_set_aside_whole(scene: Scene) -> None:
    scene.send(101, [])
    (scene.hub.home.inbox / "101" / "a.ndjson.gz").write_bytes(b"\x1f\x8b\x08\x00 no gzip at all")
    told = scene.cycle()
    assert (told["segments"], told["quarantined"], scene.verdicts()) == (2, 1, ["malformed"])
    whole(scene)


def test_a_DuckDB_that_hashes_otherwise_still_knows_a_version_again(scene: Scene) -> None:
    scene.cycle({101: [HEADS["plain"] % TEXTS["spaces"]]})
    last = len(scene.lines(103))
    con = scene.hub.con
    con.execute("update collector.record set digest = 1; update collector.hashing set known = 1")
    digests.renew(con)
    scene.cycle({101: [HEADS["more"] % TEXTS["spaces"]]})
    assert (scene.verdicts()[-1], len(scene.lines(103))) == ("accepted", last)
    scene.cycle({101: [HEADS["plain"] % TEXTS["numbers"]]})
    assert (scene.verdicts()[-1], len(scene.lines(103))) == ("accepted", last + 1)
