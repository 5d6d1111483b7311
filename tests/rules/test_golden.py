"""The rules as cases: what sites send, cycle by cycle, and what the hub makes of it.

A file of `golden/` is a mapping of cases; a case is a list of cycles; a cycle has, by site, the
lines of a segment (or segments, by name), the lines to judge again (`retry`, counted from 0), what
else is asked of it (`requests`), its clock (`at`), changed `preferences`, and what to `expect`: the
verdict of every line so far, the `details` of those that are held, some of the summary's figures,
records (or keys of their typed rows, their owning `stores`, what they are `merged` into, which site
made their `version`), what the hub `made`, what queues and the central log grew by, the `rules`
that say so, what sites are owed beyond the set-up, the `length` of their queues, and what they
`acknowledged`.

Of transfers: the outcome of each initiating half (`transfers`) and of their `lines`, who made which
responding half (`halves`), what the `ledger` has of it, and what some keys of records `say`. And
what the cycle took up to come to all that, which costs: the `rows` of a working table, some of its
columns as one text (`table: column, …`), in any order. In all
of it `<text>` is the id that the hub makes of a text; a line `edit table id {…}` is the record as
the hub holds it, changed, as its site would send it.
"""

import json
import re
import uuid
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import scene as scenes
import yaml
from invariants import whole
from scene import Scene

from pipelines import registry
from pipelines.home import Home
from pipelines.making.made import NAMESPACE

FILES = sorted((Path(__file__).parent / "golden").glob("*.yaml"))


def made_id(text: str) -> str:
    """The id that the hub makes of a text."""
    return str(uuid.uuid5(uuid.UUID(NAMESPACE), text))


def read(path: Path) -> dict[str, list[dict[Any, Any]]]:
    """The cases of a file, `<text>` replaced."""
    text, nested = path.read_text(encoding="utf-8"), 1
    while nested:
        text, nested = re.subn("<([^<>]+/[^<>]+)>", lambda told: made_id(told[1]), text)
    return yaml.load(text, yaml.CSafeLoader)


CASES = {
    name: (2 if "mirrored" in path.stem else 1, steps)
    for path in FILES
    for name, steps in read(path).items()
}
TRANSFERS = {
    "transfers": "select kind || ' ' || initiating_id, outcome from transfers.transfer",
    "lines": "select initiating_line, outcome from transfers.line",
    "halves": """
        select kind || ' ' || initiating_id, made_by || ' ' || responding_id
        from transfers.transfer
    """,
}
MAKER = """
select change.site from collector.record as record
join landing.change as change on change.cursor = record.version
where record.table_name = ? and record.record_id = ?
"""
LEDGER = "select {} from transfers.transfer where kind || ' ' || initiating_id = ?"
STORE = "select store_id from collector.record where table_name = ? and record_id = ?"
DETAILS = """
select held.detail from collector.held as held join landing.change using (cursor)
where cursor >= ? and segment is not null and held.detail is not null order by cursor
"""
MERGED = "select merged_into from collector.merged where table_name = ? and record_id = ?"
MADE = """
select action, table_name, data from landing.change
where segment is null and cycle = ? order by cursor
"""
LENGTH = """
select owed.site::varchar, count(*) from outbox.owed as owed
left join outbox.acknowledged as acknowledged using (site)
where owed.sequence > coalesce(acknowledged.sequence, 0)
group by owed.site
"""
ACKNOWLEDGED = "select sequence, central_id from outbox.acknowledged where site = ?"
OWED = "select site::varchar, count(*) from outbox.owed group by site"
RULED = """
select site::varchar, list(distinct rule order by rule) from outbox.queue
where cycle = ? group by site
"""


@pytest.mark.parametrize("case", CASES)
def test_rule(case: str, homes: Callable[[int], Home], tmp_path: Path) -> None:
    primary, steps = CASES[case]
    with scenes.copied(homes(primary), tmp_path / "home") as scene:
        before = dict(scene.rows(OWED))
        for step in steps:
            summary = run(scene, step)
            compare(scene, step.get("expect", {}), summary, before)
        whole(scene)
        scene.rows("pragma disable_checkpoint_on_shutdown")  # nobody opens it again


def edited(scene: Scene, line: Any) -> Any:
    """A line to send; of an `edit` the record as the hub holds it, changed."""
    if isinstance(line, str) or line[0] != "edit":
        return line
    _, table, id_, keys = line
    record = scene.record(table, id_)
    assert isinstance(record, dict), f"{table} {id_} is not there to edit"
    return [table, id_, record | keys]


def run(scene: Scene, step: dict[Any, Any]) -> dict[str, Any]:
    """Send what a step gives and run its cycle; the summary, whose figures add up."""
    for site, given in step.items():
        if isinstance(given, dict) and isinstance(site, int):
            for name, lines in given.items():
                scene.send(site, lines, name=f"{scene.hub.cycle + 1:06d}-{name}")
        elif isinstance(site, int):
            scene.send(site, [edited(scene, line) for line in given])
    if "preferences" in step:
        scene.hub.settings = replace(scene.hub.settings, **step["preferences"])
    if "retry" in step:
        asked = [scene.first_cursor + line for line in step["retry"]]
        (scene.hub.home.requests / "1.json").write_text(json.dumps({"retry": asked}))
    for number, request in enumerate(step.get("requests", ())):
        (scene.hub.home.requests / f"2-{number}.json").write_text(json.dumps(request))
    told = scene.cycle(at=step.get("at"))
    outcomes = ("accepted", "deferred", "quarantined", "superseded", "duplicate")
    assert told["changes"] == sum(told[outcome] for outcome in outcomes)
    return told


def compare(
    scene: Scene, expect: dict[str, Any], summary: dict[str, Any], before: dict[str, int]
) -> None:
    """Fail where the hub made something else of it."""
    assert set(expect) <= {
        "verdict", "records", "typed", "stores", "merged", "made", "summary", "queue", "rules",
        "owed", "length", "acknowledged", "say", "version", "ledger", "details", "rows",
        *TRANSFERS,
    }  # fmt: skip
    if "verdict" in expect:
        assert scene.verdicts() == expect["verdict"]
    if "details" in expect:
        details = [detail for (detail,) in scene.rows(DETAILS, scene.first_cursor)]
        assert details == expect["details"]
    for name, record in expect.get("records", {}).items():
        assert (name, scene.record(*name.split())) == (name, record)
    for name, keys in expect.get("typed", {}).items():
        table, id_ = name.split()
        columns = ", ".join(f'"{key}"' for key in keys)
        query = f'select {columns} from records."{table}" where "ID" = ?'
        assert (name, scene.rows(query, id_)) == (name, [tuple(keys.values())])
    for name, store in expect.get("stores", {}).items():
        assert (name, scene.rows(STORE, *name.split())) == (name, [(store,)])
    for name, kept in expect.get("merged", {}).items():
        assert (name, scene.rows(MERGED, *name.split())) == (name, [(kept,)])
    for name, site in expect.get("version", {}).items():
        assert (name, scene.rows(MAKER, *name.split())) == (name, [(site,)])
    if "made" in expect:
        assert made(scene) == expect["made"]
    for measure, figure in expect.get("summary", {}).items():
        assert (measure, summary[measure]) == (measure, figure)
    for key, query in TRANSFERS.items():
        if key in expect:
            found = dict(scene.rows(query))
            assert {name: found.get(name) for name in expect[key]} == expect[key]
    for name, keys in expect.get("ledger", {}).items():
        found = scene.rows(LEDGER.format(", ".join(keys)), name)
        assert (name, found) == (name, [tuple(keys.values())])
    for name, keys in expect.get("say", {}).items():
        record = scene.record(*name.split())
        told = {key: record.get(key) for key in keys} if isinstance(record, dict) else record
        assert (name, told) == (name, keys)
    for told, rows in expect.get("rows", {}).items():
        table, columns = told.split(": ")
        found = scene.rows(f"select concat_ws(' ', {columns}) from {table}")
        assert (told, sorted(row for (row,) in found)) == (told, sorted(rows))
    if "queue" in expect:
        assert scene.grown() == expect["queue"]
    if "rules" in expect:
        assert dict(scene.rows(RULED, scene.hub.cycle)) == expect["rules"]
    if "owed" in expect:
        now = dict(scene.rows(OWED))
        assert {site: now[site] - before[site] for site in expect["owed"]} == expect["owed"]

    lengths = dict(scene.rows(LENGTH))
    for site, length in expect.get("length", {}).items():
        assert (site, lengths.get(site, 0)) == (site, length)
    for site, acknowledged in expect.get("acknowledged", {}).items():
        assert scene.rows(ACKNOWLEDGED, site) == [tuple(acknowledged)]


def made(scene: Scene) -> list[list[Any]]:
    """What the hub made in the last cycle, as [action, table, its record without its id]."""
    found = []
    for action, table, data in scene.rows(MADE, scene.hub.cycle):
        told = json.loads(data) if data else {}
        told.pop(registry.tables()[table][0].id_key, None)
        found.append([action, table, told])
    return found


def test_every_reason_has_a_case() -> None:
    """But a whole segment's."""
    whole_segment = {"duplicate", "damaged_segment"}
    seen = {
        outcome
        for _, steps in CASES.values()
        for step in steps
        for outcome in step.get("expect", {}).get("verdict", ())
    }
    assert set(registry.reasons()) - seen == whole_segment
