"""What the model remembers: changes and their outcomes, records, what was put into queues."""

import json
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Key = tuple[str, str]  # table, id
Entry = tuple[str, str, str]  # and 'merge' for a merge of the record

ACCEPTED, DEFERRED, SUPERSEDED, ORPHAN = "accepted", "deferred", "superseded", "orphan"
WAITING = (DEFERRED, ORPHAN)


@dataclass(frozen=True)
class Options:
    """The settings of a hub that rules read."""

    central: int = 1
    primary: int = 1
    prescriptions_follow_patient: bool = False
    repeats_everywhere: bool = False
    patients_edited_where_visible: bool = False


@dataclass
class Change:
    """One line of a feed, its place (`cursor`) and what became of it.

    `asked`: it is to be judged again, by request.
    """

    cursor: int
    site: int
    table: str
    id: str
    action: str
    text: str | None
    since: datetime
    place: tuple[str, int] = ("", 0)  # segment, line
    outcome: str = ""
    asked: bool = False
    data: dict[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        self.data = json.loads(self.text) if self.text else {}

    @property
    def key(self) -> Key:
        return self.table, self.id


@dataclass
class Record:
    """The newest accepted version of a thing.

    `first` is the first line accepted and `maker` its site, `cursor` the newest, `origin` the site
    that sent the version that stands, `changed` the last cycle that changed it; a deleted record
    keeps its text. `store` is the owning store, of a patient or prescriber the home store; a
    child's is its parent's (`owners.store_of`).
    """

    table: str
    id: str
    text: str
    first: int
    cursor: int
    maker: int
    origin: int
    changed: int
    deleted: bool = False
    store: str = ""
    data: dict[str, Any] = field(default_factory=dict)
    centralised: bool = False  # an order, judged last as the primary's (O12)
    created: int = field(init=False)  # the cycle of the first version

    def __post_init__(self) -> None:
        self.created = self.changed

    @property
    def key(self) -> Key:
        return self.table, self.id

    @property
    def version(self) -> tuple[bool, str]:
        """What is compared to tell whether a record changed."""
        return self.deleted, self.text


@dataclass
class Sent:
    """The newest line of a record in a queue."""

    action: str
    text: str | None
    cycle: int

    @property
    def version(self) -> tuple[str, str | None]:
        return self.action, self.text


@dataclass(frozen=True)
class Merge:
    """One record that became another: as its site said it, and in which cycle."""

    table: str
    gone: str
    kept: str
    text: str
    origin: int
    cycle: int


@dataclass
class State:
    """All of it."""

    options: Options
    cycle: int = 0
    clock: datetime = datetime.min
    cursor: int = 0
    changes: list[Change] = field(default_factory=list)
    tables: dict[str, dict[str, Record]] = field(default_factory=lambda: defaultdict(dict))
    segments: set[tuple[int, str]] = field(default_factory=set)
    once_active: set[tuple[str, int]] = field(default_factory=set)  # store, site
    queues: dict[int, dict[Entry, Sent]] = field(default_factory=lambda: defaultdict(dict))
    central_log: dict[Entry, Sent] = field(default_factory=dict)
    merged: dict[Key, str] = field(default_factory=dict)  # what a record became
    merges: list[Merge] = field(default_factory=list)  # that changed something, oldest first
    initialised: set[int] = field(default_factory=set)  # this cycle's sites that begin anew
    rehomed: dict[str, str] = field(default_factory=dict)  # this cycle's: patients, their new homes
    made: set[Key] = field(default_factory=set)  # what the hub itself ever changed
    transfers: dict[Key, Any] = field(default_factory=dict)  # by the responding half
    decided: set[tuple[str, Key]] = field(default_factory=set)  # initiating halves answered
    made_id: Callable[[str], str] = str  # of what something new follows from

    def record(self, table: str, id: str) -> Record | None:
        """A record, deleted or not."""
        return self.tables[table].get(id)

    def alive(self, table: str, id: str) -> Record | None:
        """A record that stands."""
        record = self.record(table, id)
        return None if record is None or record.deleted else record

    def all(self, table: str) -> list[Record]:
        """The records of a table that stand."""
        return [record for record in self.tables[table].values() if not record.deleted]

    def records(self) -> list[Record]:
        """Every record, deleted or not."""
        return [record for table in self.tables.values() for record in table.values()]
