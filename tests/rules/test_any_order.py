"""Rule O14's sentence on many random histories.

Children before parents, deletes before inserts, lines twice, segments twice or split elsewhere end
in the same state.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import count
from typing import Any

import pytest
import scene as scenes
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from invariants import whole
from scene import Line, Scene

from pipelines.home import Home

# Two sites with the same two stores each tell the same history; 101 as it happened, in one
# segment, 102 anyhow. The records of the one are named a…, those of the other b….
STORES = {"a": ("A", "A2"), "b": ("B", "B2")}
CYCLES = 3
HISTORIES = 16  # in one example, told at the same time

# A table's id key is ID; parents stand before their children.
PARENTS = {"transact": "", "item_line": "", "trans_line": "transact", "box": "transact",
           "box_line": "box"}  # fmt: skip
PARENT_KEYS = {"trans_line": "transaction_ID", "box": "transactionID", "box_line": "box_ID"}


@dataclass(frozen=True)
class Event:
    """A version of a record (its number, or None: it is deleted) and how 102 tells it.

    `cycle` and `place` say when, in whole numbers without a meaning; lines of one record are told
    in their order. `again` is how often it is repeated.
    """

    record: int
    version: int | None
    cycle: int
    place: int
    again: int


@dataclass(frozen=True)
class History:
    """Records (table, parent's place among them or None, store) and what became of them."""

    records: tuple[tuple[str, int | None, int], ...]
    events: tuple[Event, ...]
    early: frozenset[int]  # of these records, made and then deleted, 102 tells the delete first


@st.composite
def histories(draw: st.DrawFn) -> History:
    """A history of up to five records."""
    records: list[tuple[str, int | None, int]] = []
    for _ in range(draw(st.integers(1, 5))):
        fitting = [
            table
            for table, parent in PARENTS.items()
            if not parent or parent in [told[0] for told in records]
        ]
        table = draw(st.sampled_from(fitting))
        parents = [at for at, told in enumerate(records) if told[0] == PARENTS[table]]
        parent = draw(st.sampled_from(parents)) if parents else None
        records.append((table, parent, draw(st.integers(0, 1))))
    events: list[Event] = []
    early: set[int] = set()
    cycles, places = st.integers(0, CYCLES - 1), st.integers(0, 9)
    for record in range(len(records)):
        # A record begins with a version; what follows a delete is another one, or what it was.
        story: list[int | None] = [0, *draw(st.lists(st.sampled_from([0, 1, 2, None]), max_size=3))]
        if story == [0, None] and draw(st.booleans()):
            early.add(record)
        for version in story:
            again = draw(st.integers(0, 1)) if record not in early else 0
            events.append(Event(record, version, draw(cycles), draw(places), again))
    return History(tuple(records), tuple(events), frozenset(early))


def line(history: History, name: str, event: Event) -> Line:
    """An event as the site of `name` ('a3-' and the like) tells it."""
    table, parent, store = history.records[event.record]
    id_ = f"{name}{event.record}"
    if event.version is None:
        return ["delete", table, id_]
    data: dict[str, Any] = {"n": event.version}
    if parent is None:
        data["store_ID"] = STORES[name[0]][store]
    else:
        data[PARENT_KEYS[table]] = f"{name}{parent}"
    return ["insert" if event.version else "update", table, id_, data]


def as_it_happened(history: History, name: str) -> list[Line]:
    return [line(history, name, event) for event in history.events]


def anyhow(history: History, name: str) -> list[list[Line]]:
    """The lines of each cycle: records in any order, each record's in their own, some twice."""
    told: list[list[tuple[int, int, Line]]] = [[] for _ in range(CYCLES)]
    turn = count()
    for record in range(len(history.records)):
        own = [event for event in history.events if event.record == record]
        moments = sorted((event.cycle, event.place) for event in own)
        if record in history.early:
            own.reverse()
        for (cycle, place), event in zip(moments, own, strict=True):
            for _ in range(1 + event.again):
                told[cycle].append((place, next(turn), line(history, name, event)))
    return [[line for _, _, line in sorted(lines, key=lambda x: x[:2])] for lines in told]


def state(scene: Scene, history: History, name: str) -> list[Any]:
    """Each record's text, with the names of the other site's stores and records made the same."""
    found = []
    for at, (table, _, _) in enumerate(history.records):
        record = scene.record(table, f"{name}{at}")
        if isinstance(record, dict):
            record = {key: same(value, name) for key, value in record.items()}
        found.append(record)
    return found


def same(value: Any, name: str) -> Any:
    stores = dict(zip(STORES["b"], STORES["a"], strict=True))
    return stores.get(value, value.replace(name, "")) if isinstance(value, str) else value


@pytest.fixture(scope="module")
def shared(homes: Callable[[int], Home], tmp_path_factory: pytest.TempPathFactory) -> Any:
    """One home for all examples: each has names of its own."""
    with scenes.copied(homes(1), tmp_path_factory.mktemp("any-order") / "home") as scene:
        told = {"code": "B2", "name_ID": "NAMEB2", "sync_id_remote_site": 102}
        scene.cycle({1: [["store", "B2", told | {"store_mode": "store"}]]})
        yield partial(tell, scene, count())


def tell(scene: Scene, numbers: "count[int]", told: list[History]) -> None:
    """Tell histories both ways, and compare what became of them."""
    named = [(f"{next(numbers)}-", history) for history in told]
    first = [line for name, history in named for line in as_it_happened(history, "a" + name)]
    cycles = [anyhow(history, "b" + name) for name, history in named]
    for number in range(CYCLES):
        mixed = [line for lines in cycles for line in lines[number]]
        half = len(mixed) // 2  # split anywhere, and a segment twice
        for part in (mixed[:half], mixed[half:], mixed[:half]):
            if part:
                scene.send(102, part)
        if number == 0:
            scene.send(101, first)
        scene.cycle()
    for name, history in named:
        natural, other = (state(scene, history, letter + name) for letter in "ab")
        assert other == natural, history
    waiting = scene.rows("select table_name, record_id, reason, detail from collector.held")
    assert waiting == []


@settings(
    max_examples=8,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(st.lists(histories(), min_size=1, max_size=HISTORIES))
def test_O14_any_order_ends_in_the_same_state(shared: Any, told: list[History]) -> None:
    shared(told)


def test_O14_the_home_is_whole_after_all_of_it(shared: Any) -> None:
    whole(shared.args[0])
