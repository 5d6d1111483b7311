"""The rules as cases: what sites send, cycle by cycle, and what the hub makes of it.

A file of `golden/` is a mapping of cases; a case is a list of cycles; a cycle has, by site, the
lines of a segment (or segments, by name), the lines to judge again (`retry`, counted from 0), its
clock (`at`) and what to `expect`: the verdict of every line so far, some of the summary's figures,
records, what queues and the central log grew by, and what sites are owed beyond the set-up.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import scene as scenes
import yaml
from invariants import whole
from scene import Scene

from pipelines import registry
from pipelines.home import Home

FILES = sorted((Path(__file__).parent / "golden").glob("*.yaml"))
CASES = {
    name: (2 if path.stem == "mirrored" else 1, steps)
    for path in FILES
    for name, steps in yaml.safe_load(path.read_text(encoding="utf-8")).items()
}
OWED = "select site::varchar, count(*) from outbox.owed group by site"


@pytest.mark.parametrize("case", CASES)
def test_rule(case: str, homes: Callable[[int], Home], tmp_path: Path) -> None:
    primary, steps = CASES[case]
    with scenes.copied(homes(primary), tmp_path / "home") as scene:
        before = dict(scene.rows(OWED))
        for step in steps:
            summary = run(scene, step)
            compare(scene, step.get("expect", {}), summary, before)
        whole(scene)


def run(scene: Scene, step: dict[Any, Any]) -> dict[str, Any]:
    """Send what a step gives and run its cycle; the summary, whose figures add up."""
    for site, given in step.items():
        if isinstance(given, dict) and isinstance(site, int):
            for name, lines in given.items():
                scene.send(site, lines, name=f"{scene.hub.cycle + 1:06d}-{name}")
        elif isinstance(site, int):
            scene.send(site, given)
    if "retry" in step:
        asked = [scene.first_cursor + line for line in step["retry"]]
        (scene.hub.home.requests / "1.json").write_text(json.dumps({"retry": asked}))
    told = scene.cycle(at=step.get("at"))
    outcomes = ("accepted", "deferred", "quarantined", "superseded", "duplicate")
    assert told["changes"] == sum(told[outcome] for outcome in outcomes)
    return told


def compare(
    scene: Scene, expect: dict[str, Any], summary: dict[str, Any], before: dict[str, int]
) -> None:
    """Fail where the hub made something else of it."""
    assert set(expect) <= {"verdict", "records", "summary", "queue", "owed"}
    if "verdict" in expect:
        assert scene.verdicts() == expect["verdict"]
    for name, record in expect.get("records", {}).items():
        assert (name, scene.record(*name.split())) == (name, record)
    for measure, figure in expect.get("summary", {}).items():
        assert (measure, summary[measure]) == (measure, figure)
    if "queue" in expect:
        assert scene.grown() == expect["queue"]
    if "owed" in expect:
        now = dict(scene.rows(OWED))
        assert {site: now[site] - before[site] for site in expect["owed"]} == expect["owed"]


def test_every_reason_has_a_case() -> None:
    """But those of rules that are not there yet, and a whole segment's."""
    later = {"different_home_stores", "message_is_final"}
    whole_segment = {"duplicate", "damaged_segment"}
    seen = {
        outcome
        for _, steps in CASES.values()
        for step in steps
        for outcome in step.get("expect", {}).get("verdict", ())
    }
    assert set(registry.reasons()) - seen == later | whole_segment
