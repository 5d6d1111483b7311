"""A small system in one process: what sites send, cycle by cycle, and what the hub made of it.

A line is [table, id, {…}] (an update), [action, table, id, {…}], or the very text of one. Of a
cycle's stages `marts` is left out unless it is asked for, and of `landing` dlt's part.
"""

import json
import re
import shutil
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import plain

from pipelines import cycle, home, registry
from pipelines.home import Home
from pipelines.hub import Hub

MADE = re.compile(r"^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$")
ACTIONS = ("insert", "update", "delete", "merge")
Line = list[Any]

# store: its site, its mode. 103 holds a collector copy of A; 104 is disabled; K is the hub's own;
# 110 makes its own halves of transfers; XX is disabled; NN's site is not set up.
STORES = {
    "A": (101, "store"), "A2": (101, "store"), "D": (101, "dispensary"), "B": (102, "dispensary"),
    "C": (103, "store"), "E": (104, "store"), "K": (1, "store"),
    "MM": (110, "store"), "M2": (110, "store"), "XX": (103, "store"), "NN": (999, "store"),
}  # fmt: skip


def edited_by_central() -> list[Line]:
    """Sites, stores and what is visible where: B's name in A, so A at 102 and B at 101."""
    sites = {1: "Central", 2: "Head office", 101: "North", 102: "South", 103: "Lake"}
    lines: list[Line] = [
        ["site", f"S{number}", {"site_ID": number, "name": name}] for number, name in sites.items()
    ]
    lines += [["site", "S104", {"site_ID": 104, "name": "Hills", "disabled": True}]]
    lines += [["site", "S110", {"site_ID": 110, "name": "Marsh", "kind": "open_msupply"}]]
    for code, (site, mode) in STORES.items():
        told: dict[str, Any] = {"code": code, "name": f"Store {code}", "name_ID": f"NAME{code}"}
        told |= {"disabled": True} if code == "XX" else {}
        lines += [["store", code, {**told, "sync_id_remote_site": site, "store_mode": mode}]]
    return [
        *lines,
        ["name_store_join", "JOIN1", {"name_ID": "NAMEB", "store_ID": "A", "inactive": False}],
        ["store_site", "COPY1", {"store_ID": "A", "site_ID": 103, "sync_type": "collector"}],
        ["store_site", "COPY2", {"store_ID": "A", "site_ID": 104, "sync_type": "collector"}],
        ["store_site", "COPY3", {"store_ID": "B", "site_ID": 103, "sync_type": "transfer"}],
    ]


def edited_by_primary() -> list[Line]:
    """Names and items."""
    names = {f"NAME{code}": "store" for code in STORES}
    names |= {"SUP": "facility", "CUST": "facility", "INVAD": "invad", "REPACK": "repack"}
    return [
        *(["name", id_, {"name": id_, "code": id_, "type": kind}] for id_, kind in names.items()),
        ["item", "I1", {"code": "I1", "item_name": "Amoxicillin"}],
        ["item", "I2", {"code": "I2", "item_name": "Paracetamol"}],
    ]


def text_of(line: Line | str) -> str:
    """A line as it is sent; the record's own id is put into it."""
    if isinstance(line, str):
        return line
    action, table, id_, *data = line if line[0] in ACTIONS else ["update", *line]
    told = {"tableName": table, "recordId": id_, "action": action}
    if action != "delete":
        (record,) = data
        kinds = registry.tables().get(table)
        own = {kinds[0].id_key: id_} if kinds and action != "merge" else {}
        told["recordData"] = own | record
    return json.dumps(told, ensure_ascii=False)


@dataclass
class Scene:
    """An open home; every `cycle` is a day after the one before, unless it says when."""

    hub: Hub
    clock: datetime = datetime(2024, 1, 1, 6)
    seen: dict[str, int] = field(default_factory=dict)
    first_cursor: int = 1

    def send(self, site: int, lines: Iterable[Line | str], name: str = "") -> None:
        """Drop a segment into the inbox of a site; by default it stands after all before."""
        folder = self.hub.home.inbox / str(site)
        folder.mkdir(exist_ok=True)
        name = name or f"{self.hub.cycle + 1:06d}-{len(list(folder.iterdir())):03d}"
        content = "".join(text_of(line) + "\n" for line in lines)
        (folder / f"{name}.ndjson").write_text(content, encoding="utf-8")

    def cycle(
        self,
        given: Mapping[int, Iterable[Line | str]] | None = None,
        at: str | datetime | None = None,
        marts: bool = False,
    ) -> dict[str, Any]:
        """Send a segment for each site that is given, run one cycle; its summary."""
        for site, lines in (given or {}).items():
            self.send(site, lines)
        self.clock = datetime.fromisoformat(str(at)) if at else self.clock + timedelta(days=1)
        self.seen = {log: self._last(log) for log in self._logs()}
        with plain.landing() as patch:
            patch.setenv("MAINSTEM_NOW", self.clock.isoformat())
            cycle.begin(self.hub)
            for name in cycle.STAGES:
                if name != "marts" or marts:
                    cycle.stage(self.hub, name)
        if not marts:
            cycle.mark(self.hub, "marts")
        return cycle.summary(self.hub)

    def rows(self, query: str, *given: object) -> list[tuple[Any, ...]]:
        """All rows of a query on the warehouse."""
        return self.hub.con.execute(query, list(given)).fetchall()

    def verdicts(self) -> list[str]:
        """The outcome of every line sent since the system was set up, in the order of the feed."""
        return [
            outcome
            for (outcome,) in self.rows(
                "select outcome from collector.verdict join landing.change using (cursor) "
                "where cursor >= ? and segment is not null order by cursor",
                self.first_cursor,
            )
        ]

    def record(self, table: str, id_: str) -> dict[str, Any] | str | None:
        """A record's newest text without its id, 'deleted', or None where there is none."""
        found = self.rows(
            """
            select record.deleted, change.data from collector.record as record
            left join landing.change as change on change.cursor = record.version
            where record.table_name = ? and record.record_id = ?
            """,
            table, id_,
        )  # fmt: skip
        if not found:
            return None
        ((deleted, data),) = found
        own = registry.tables()[table][0].id_key
        return "deleted" if deleted else {k: v for k, v in json.loads(data).items() if k != own}

    def lines(self, log: int | str) -> list[str]:
        """The text of every line published for a site, or for 'central', in order."""
        folder = self.hub.home.outbox / str(log)
        files = sorted(folder.glob("*.ndjson")) if folder.is_dir() else []
        return [line.decode() for file in files for line in file.read_bytes().splitlines()]

    def grown(self) -> dict[str, list[str]]:
        """What the last cycle added: site (or 'central') to its lines as `action table id`.

        An id that the hub made is `made`; of a line without a record there is the action only.
        """
        told = {
            log: map(json.loads, self.lines(log)[self.seen.get(log, 0) :]) for log in self._logs()
        }
        return {
            log: [
                " ".join(
                    MADE.sub("made", str(line[key]))
                    for key in ("action", "tableName", "recordId")
                    if key in line
                )
                for line in lines
            ]
            for log, lines in told.items()
            if len(self.lines(log)) > self.seen.get(log, 0)
        }

    def _logs(self) -> Iterator[str]:
        return (folder.name for folder in self.hub.home.outbox.iterdir())

    def _last(self, log: str) -> int:
        return len(self.lines(log))


@contextmanager
def making(path: Path, primary: int = 1) -> Generator[Scene]:
    """The scene of a new home in which the system is set up, after one cycle."""
    with opened(home.make(path, primary=primary)) as scene:
        scene.send(1, edited_by_central())
        scene.send(primary, edited_by_primary(), name="z")
        assert scene.cycle()["quarantined"] == 0
        ((scene.first_cursor,),) = scene.rows("select max(next_cursor) from landing.cycle")
        yield scene


def make(path: Path, primary: int = 1) -> Home:
    """A home in which the system is set up; to be copied."""
    with making(path, primary) as scene:
        return scene.hub.home


@contextmanager
def opened(at: Home) -> Generator[Scene]:
    """The scene of a home."""
    with cycle.opened(at) as hub:
        done, cursor = hub.one(
            "select coalesce(max(cycle), 0), coalesce(max(next_cursor), 1) from landing.cycle"
        )
        hub.cycle = done
        yield Scene(hub, datetime(2024, 1, 1, 6) + timedelta(days=done), first_cursor=cursor)


@contextmanager
def copied(made: Home, to: Path) -> Generator[Scene]:
    """The scene of a copy of a home."""
    shutil.copytree(made.path, to)
    with opened(Home(to)) as scene:
        yield scene
