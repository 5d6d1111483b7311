"""What a rule makes lands only where it changes something."""

import json

import pytest
from scene import Scene

from pipelines.making import made

TEXT = json.dumps({"ID": "I9", "code": "I9", "item_name": "Zinc"})
GIVEN = [
    ["item", "I9", {"code": "I9", "item_name": "Zinc"}],
    ["item", "GONE", {"code": "GONE", "item_name": "Old"}],
    ["item", "DUP", {"code": "DUP", "item_name": "Zinc"}],
    ["delete", "item", "GONE"],
]
MERGE = ["merge", "item", "M1", {"mergeIdToKeep": "I9", "mergeIdToDelete": "DUP"}]


@pytest.mark.parametrize(
    ("action", "record", "data", "lands"),
    [
        ("update", "I9", TEXT, 0),
        ("update", "I9", TEXT.replace("Zinc", "Zinc 20 mg"), 1),
        ("update", "GONE", TEXT.replace("I9", "GONE"), 1),
        ("update", "NEW", TEXT.replace("I9", "NEW"), 1),
        ("delete", "I9", "", 1),
        ("delete", "GONE", "", 0),
        ("delete", "NEVER", "", 0),
        ("merge", "DUP", '{"mergeIdToKeep":"I9","mergeIdToDelete":"DUP"}', 0),
        ("merge", "I1", '{"mergeIdToKeep":"I9","mergeIdToDelete":"I1"}', 1),
    ],
)
def test_only_what_is_not_so_already_lands(
    scene: Scene, action: str, record: str, data: str, lands: int
) -> None:
    assert scene.cycle({1: GIVEN})["quarantined"] == 0
    assert scene.cycle({1: [MERGE]})["quarantined"] == 0
    scene.cycle()
    con = scene.hub.con
    before = scene.rows("select count(*) from landing.change")
    con.execute("begin")
    made.prepare(scene.hub)
    con.execute(made.NEW)
    con.execute("insert into made values ('item', ?, ?, ?)", [record, action, data or None])
    assert made.land(scene.hub) == lands
    ((after,),) = scene.rows("select count(*) from landing.change")
    assert after == before[0][0] + lands
    con.execute("rollback")
