"""Histories as data: what the sites of one small world send, cycle by cycle.

Ids end in `#`, site numbers above 10 are the world's own: `named` makes both those of the world
with a number (`A#` is store A.3 in world 3), so that many worlds share one hub without touching
each other; `world_of` tells whose an id is. `<stock/T1#>` is the id of what the hub makes of T1.
"""

import json
import re
import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from pipelines.making.made import NAMESPACE

SITE_KEYS = ("sync_id_remote_site", "site_ID")  # keys that hold a site's number
LOWER_IDS = ("preference", "om_report")  # tables whose own id is `id`
OWN_SITES = 10  # numbers above are a world's own


@dataclass(frozen=True)
class Line:
    """One line of a feed; `data` is its record without the record's own id."""

    action: str
    table: str
    id: str
    data: Mapping[str, Any] | None = None
    out: str = ""

    def record(self) -> str | None:
        """The text of recordData."""
        if self.data is None:
            return None
        own = {} if self.action == "merge" else {id_key(self.table): self.id}
        return json.dumps(own | dict(self.data), ensure_ascii=False)

    def text(self) -> str:
        """The line as it is sent."""
        head = {"syncOutId": self.out} if self.out else {}
        head |= {"tableName": self.table, "recordId": self.id, "action": self.action}
        record = self.record()
        told = json.dumps(head, ensure_ascii=False)[:-1]
        return f'{told},"recordData":{record}}}' if record is not None else f"{told}}}"


@dataclass(frozen=True)
class Segment:
    """What a site sends as one file."""

    site: int
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Step:
    """One cycle: segments in the order in which each site sends them; what else befalls the hub.

    `days` pass before it; `crash` names a stage after which the process dies, once; the queues of
    the sites in `initialise` are built anew; `retry` counts refused lines, oldest first.
    """

    segments: tuple[Segment, ...] = ()
    days: int = 1
    crash: str = ""
    initialise: tuple[int, ...] = ()
    retry: int = 0


@dataclass(frozen=True)
class History:
    """The cycles of one world after it was set up."""

    steps: tuple[Step, ...] = field(default_factory=tuple)


def id_key(table: str) -> str:
    """The key of a record's own id."""
    return "id" if table in LOWER_IDS else "ID"


def number(site: int, world: int, primary: int) -> int:
    """The site of a world by its number in the hub; 1 is the central, 2 the primary."""
    if site > OWN_SITES:
        return site + OWN_SITES * world
    return primary if site == 2 else site


def named(value: Any, world: int, primary: int) -> Any:
    """Anything of a history, its ids and sites made those of a world."""
    if isinstance(value, str):
        value = value.replace("#", f".{world}")
        while found := re.search(r"<([^<>]+)>", value):
            value = value.replace(found[0], made_id(found[1]))
        return value
    if isinstance(value, Mapping):
        return {
            key: number(told, world, primary)
            if key in SITE_KEYS and isinstance(told, int)
            else named(told, world, primary)
            for key, told in value.items()
        }
    return value


def made_id(of: str) -> str:
    """The id that the hub gives what follows from something."""
    return str(uuid.uuid5(uuid.UUID(hex=NAMESPACE), of))


def world_of(id: str) -> int | None:
    """The world of an id."""
    found = re.search(r"\.(\d+)$", id)
    return int(found[1]) if found else None


def line_of(line: Line, world: int, primary: int) -> Line:
    """A line of a world."""
    data = None if line.data is None else named(line.data, world, primary)
    return Line(line.action, line.table, named(line.id, world, primary), data, line.out)


def dump(history: History) -> str:
    """A history as JSON, a step a line, to be replayed."""
    return "\n".join(json.dumps(asdict(step)) for step in history.steps)


def load(text: str) -> History:
    """The history of a dump."""
    return History(tuple(map(_step, map(json.loads, text.strip().splitlines()))))


def _step(told: dict[str, Any]) -> Step:
    segments = tuple(
        Segment(segment["site"], tuple(Line(**line) for line in segment["lines"]))
        for segment in told["segments"]
    )
    return Step(segments, told["days"], told["crash"], tuple(told["initialise"]), told["retry"])
