"""Notices that more was given out than the warehouse knows, as after a restore (rule I5).

Numbers are never given twice. What was given is told by three things outside the warehouse: the
names of the outbox files (each queue and the central log), HOME/.reached.json (the last cycle
published, and the next landing cursor), and what sites acknowledge. Where they are ahead, the next
cycle is asked to go on above them, `{"restored": {"queues": {"101": 80}, "central": 312, "cursor":
9001}}`, and to begin each such queue anew, `{"initialise": 101, "own": false}`: without what the
site made itself, of which it may hold newer than the hub. The requests are kept in the cycle's
manifest, so a rebuild gives the same numbers.
"""

import json
import re
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from pipelines.home import Home
from pipelines.hub import Hub

CENTRAL_LOG = 0  # the central log's place among the queues
HIGHEST = 10**12 - 1  # the highest number that a file's name can hold
_FILE = re.compile(r"\d{12}-(\d{12})\.ndjson")

Request = dict[str, Any]


@dataclass
class Given:
    """The highest numbers: of each queue (0: central log), and the next landing cursor."""

    queues: dict[int, int] = field(default_factory=dict)
    cursor: int = 1

    def raised(self, other: "Given") -> "Given":
        """The higher of the two, number by number."""
        return Given(
            {
                site: max(self.queues.get(site, 0), other.queues.get(site, 0))
                for site in sorted({*self.queues, *other.queues})
            },
            max(self.cursor, other.cursor),
        )

    def beyond(self, known: "Given") -> "Given":
        """What of this is higher than what is known."""
        queues = {
            site: last for site, last in self.queues.items() if last > known.queues.get(site, 0)
        }
        return Given(queues, self.cursor if self.cursor > known.cursor else 1)

    def __bool__(self) -> bool:
        """Whether it says anything."""
        return bool(self.queues) or self.cursor > 1


@dataclass(frozen=True)
class Note:
    """What .reached.json says: the last cycle published, its clock, the next landing cursor."""

    cycle: int
    clock: str
    cursor: int


def note_path(home: Home) -> Path:
    """Where a home notes how far it has published."""
    return home.path / ".reached.json"


def note(hub: Hub) -> None:
    """Note, outside the warehouse, that this cycle is published."""
    (cursor,) = hub.one("select coalesce(max(next_cursor), 1) from landing.cycle")
    told = {"cycle": hub.cycle, "clock": hub.clock.isoformat() + "Z", "cursor": cursor}
    path = note_path(hub.home)
    part = path.with_name(f"{path.name}.part")
    part.write_text(json.dumps(told) + "\n", encoding="utf-8")
    part.rename(path)


def noted(home: Home) -> Note | None:
    """What the home has noted; None where there is nothing that can be read."""
    try:
        told = json.loads(note_path(home).read_text(encoding="utf-8"))
        return Note(int(told["cycle"]), str(told["clock"]), int(told["cursor"]))
    except (OSError, ValueError, TypeError, KeyError):
        return None


def published(outbox: Path) -> dict[int, int]:
    """The last number of each queue by the names of its files; 0 is the central log."""
    found: dict[int, int] = {}
    for folder in outbox.iterdir() if outbox.is_dir() else ():
        site = CENTRAL_LOG if folder.name == "central" else folder.name
        if folder.is_dir() and (site == CENTRAL_LOG or folder.name.isdecimal()):
            numbers = [int(m[1]) for file in folder.iterdir() if (m := _FILE.fullmatch(file.name))]
            found[int(site)] = max(numbers, default=0)
    return found


def known(con: duckdb.DuckDBPyConnection) -> Given:
    """The numbers that a warehouse knows to have been given, before a restore too."""
    queues = con.execute("select site, last from outbox.head order by site").fetchall()
    (cursor,) = con.execute(
        "select coalesce(max(next_cursor), 1) from landing.cycle"
    ).fetchone() or (1,)
    return Given(dict(queues), cursor)


def noticed(hub: Hub) -> list[Request]:
    """What the cycle that begins is to be asked for besides, because something is ahead of it."""
    given = _acknowledged(hub.requests)
    told = noted(hub.home)
    if told and _is_ahead(hub, told):
        given = given.raised(Given(published(hub.home.outbox), told.cursor))
    ahead = given.beyond(known(hub.con)) if given else given
    return anew(hub.requests + ([request(ahead)] if ahead else []))[len(hub.requests) :]


def request(ahead: Given, **more: Any) -> Request:
    """The request to go on above these numbers; `more` says why."""
    told: Request = {
        "queues": {str(site): last for site, last in ahead.queues.items() if site != CENTRAL_LOG}
    }
    if CENTRAL_LOG in ahead.queues:
        told["central"] = ahead.queues[CENTRAL_LOG]
    if ahead.cursor > 1:
        told["cursor"] = ahead.cursor
    return {"restored": {**told, **more}, "file": "restored.json"}


def anew(requests: list[Request]) -> list[Request]:
    """The requests, and that every queue which a restore put behind a mark begins anew."""
    told = {told["initialise"] for told in requests if isinstance(told.get("initialise"), int)}
    return requests + [
        {"initialise": site, "own": False, "file": "restored.json"}
        for site in asked(requests).queues
        if site != CENTRAL_LOG and site not in told
    ]


def asked(requests: list[Request]) -> Given:
    """The numbers above which these requests ask to go on."""
    total = Given()
    for told in _restored(requests):
        queues = {int(site): last for site, last in told.get("queues", {}).items()}
        queues |= {CENTRAL_LOG: told["central"]} if "central" in told else {}
        total = total.raised(Given(queues, told.get("cursor", 1)))
    return total


def lacking(requests: list[Request]) -> list[str]:
    """What a restored hub said that it lacks, a sentence each."""
    return [sentence for told in _restored(requests) for sentence in told.get("lacks", [])]


def pending(home: Home) -> list[Request]:
    """The requests that wait for the next cycle; one that cannot be read is passed over."""
    found = []
    for path in sorted(home.requests.glob("*.json")):
        with suppress(ValueError, OSError):
            found.append(json.loads(path.read_text(encoding="utf-8")))
    return [told for told in found if isinstance(told, dict)]


def _restored(requests: list[Request]) -> list[dict[str, Any]]:
    found = [told.get("restored") for told in requests]
    return [told for told in found if isinstance(told, dict)]


def _is_ahead(hub: Hub, told: Note) -> bool:
    """Whether the note is of a cycle that this warehouse does not have."""
    row = hub.con.execute(
        "select cycle, clock from landing.cycle order by cycle desc limit 1"
    ).fetchone()
    last, clock = row or (0, datetime.min)
    return told.cycle > last or (
        told.cycle == last and told.clock != clock.isoformat() + "Z" and last > 0
    )


def _acknowledged(requests: list[Request]) -> Given:
    """The highest numbers that these requests acknowledge."""
    queues: dict[int, int] = {}
    for told in requests:
        said = told.get("acknowledge")
        if not isinstance(said, dict) or not isinstance(said.get("site"), int):
            continue
        for site, last in ((said["site"], said.get("sequence")), (0, said.get("central"))):
            if isinstance(last, int) and 0 < last <= HIGHEST:
                queues[site] = max(queues.get(site, 0), last)
    return Given(queues)
