"""What the central edits: a segment in its own inbox, made of what is known and what still waits.

Whoever edits sees the state that the next cycle will begin with: the records of the last cycle and
over them what waits in the central's inbox already, so that a site and its stores can be added one
after the other before anything is synced.
"""

import json
import os
import re
import uuid
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa

from pipelines import feed, records, settings
from pipelines.admin import between, waiting
from pipelines.home import Home
from pipelines.hub import Hub

Record = dict[str, Any]
# What the central edits itself; and, where it is the primary too, names.
TABLES = ("site", "store", "store_site", "name_store_join", "message")
TYPES = {"boolean": "boolean", "number": "double", "site": "double", "whole": "double"}
COUNTED = re.compile(r"(.*-mainstem-)(\d{6})\.ndjson")


@dataclass
class Edit:
    """The central's next segment while it is made.

    `rows` reads the views site, store, store_site, name, name_store_join, clinician, message: the
    typed records as the next cycle will find them. What is put or deleted is written at the end.
    """

    hub: Hub
    lines: list[Record] = field(default_factory=list)

    @property
    def edits_names(self) -> bool:
        """Whether the central is the primary too, whose names are."""
        return self.hub.settings.central == self.hub.settings.primary

    def rows(self, query: str, *given: object) -> list[tuple[Any, ...]]:
        """All rows of a query over what is known."""
        return self.hub.con.execute(query, list(given)).fetchall()

    def record(self, table: str, record_id: str) -> Record:
        """A record whole, as its newest version has it."""
        ((data,),) = self.rows(
            """
            select coalesce(
                (
                    select data from waiting
                    where table_name = $1 and record_id = $2 and action <> 'delete'
                ),
                (
                    select change.data from collector.record as record
                    join landing.change as change on change.cursor = record.version
                    where record.table_name = $1 and record.record_id = $2
                )
            )
            """,
            table,
            record_id,
        )
        return json.loads(data)

    def put(self, table: str, record: Record) -> None:
        """Write a record as it is from now on."""
        self._add(table, record["ID"], "update", record)

    def delete(self, table: str, record_id: str) -> None:
        """Take a record away."""
        self._add(table, record_id, "delete", None)

    def _add(self, table: str, record_id: str, action: str, record: Record | None) -> None:
        # The same may be said again and meant: an id of its own keeps a segment from being taken
        # for one that came before (rule O14).
        line = {"syncOutId": new_id(), "tableName": table, "recordId": record_id, "action": action}
        self.lines.append(line | {"recordData": record})


def new_id() -> str:
    """An id for a record that the central makes."""
    return uuid.uuid4().hex.upper()


@contextmanager
def editing(home: Home) -> Generator[Edit]:
    """Look at what is known and edit it; all that was put is one segment, or after an error none.

    Waits for a running cycle; nothing else edits meanwhile.
    """
    with between.cycles(home) as hub:
        edit = Edit(hub)
        overlaid = (*TABLES, "name") if edit.edits_names else TABLES
        hub.con.register("waiting_lines", _newest(waiting.lines(home, overlaid)))
        hub.con.execute("create or replace temp table waiting as from waiting_lines")
        for table in (*TABLES, "name", "clinician"):
            hub.con.execute(_view(table))
        yield edit
        if edit.lines:
            _write(home, hub.settings.central, edit.lines)


def _view(table: str) -> str:
    """A table's records, those that wait standing before those that are known."""
    keys = records.typed()[table]
    read = ", ".join(
        f"try_cast(json_extract_string(data, '$.\"{key}\"') as {TYPES.get(type_, 'varchar')}) "
        f'as "{key}"'
        for key, type_ in keys.items()
    )
    return f"""
        create or replace temp view "{table}" as
        from records."{table}"
        where "ID" not in (select record_id from waiting where table_name = '{table}')
        union all by name
        select {read} from waiting where table_name = '{table}' and action <> 'delete'
    """


def _newest(lines: list[waiting.Line]) -> pa.Table:
    """The newest line of each record."""
    newest = {(line.table_name, line.record_id): line for line in lines}.values()
    return pa.table(
        {
            column: pa.array([getattr(line, column) for line in newest], pa.string())
            for column in ("table_name", "record_id", "action", "data")
        }
    )


def _write(home: Home, central: int, lines: list[Record]) -> Path:
    """Write a segment that comes after all of the central's that wait, beside and then renamed."""
    folder = home.inbox / str(central)
    folder.mkdir(exist_ok=True)
    path = folder / _name([path.name for path in folder.iterdir() if feed.is_segment(path)])
    part = path.with_name(f".{path.name}.part")
    with part.open("w", encoding="utf-8") as handle:
        for line in lines:
            handle.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")
        handle.flush()
        os.fsync(handle.fileno())
    part.rename(path)
    return path


def _name(names: list[str]) -> str:
    """The next segment's name: by the clock, else counted on from the last that waits."""
    last = max(names, default="")
    named = f"{settings.now():%Y%m%dT%H%M%SZ}-mainstem-000001.ndjson"
    if named > last:
        return named
    counted = COUNTED.fullmatch(last)
    start, count = (counted[1], int(counted[2])) if counted else (f"{last}-mainstem-", 0)
    return f"{start}{count + 1:06d}.ndjson"
