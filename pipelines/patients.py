"""The index of patients, for sites' look-ups: patients.db, readable by its owner only.

The gateway, which never opens the warehouse, searches it. It is brought up to date as a cycle
publishes; where it is behind or damaged it is made anew. It holds no more than a look-up tells.
"""

import os
import re
import sqlite3
from collections.abc import Generator, Mapping
from contextlib import closing, contextmanager, suppress
from typing import Any

from pipelines.home import Home
from pipelines.hub import Hub

# One row per patient; per insurance of one; and, in `published`, the cycle that they are of.
SCHEMA = """
create table if not exists patient (
    id text primary key, name text, phone text, email text, code text, last text, first text,
    birth text, barcode text
) strict;
create table if not exists policy (id text primary key, patient text, number text) strict;
create index if not exists policy_number on policy (number);
create table if not exists published (cycle integer) strict
"""
TABLES = {
    "patient": ("name", ("name", "phone", "email", "code", "last", "first", "date_of_birth",
                         "barcode")),
    "policy": ("nameInsuranceJoin", ("nameID", "policyNumberFull")),
}  # fmt: skip
# Records that changed in some cycles, and their texts. Those of these cycles stand together, so
# they are looked up apart from older ones, which as a rule are none.
CHANGED = """
create or replace temp table changed_record as
select record_id, version, deleted from collector.record
where table_name = $1 and cycle between $2 and $3
"""
TEXTS = """
with told as (
    select changed.*, change.data
    from changed_record as changed join landing.change as change
        on change.cursor = changed.version and change.cursor >= $first
    where changed.version >= $first
    union all
    select changed.*, change.data
    from changed_record as changed join landing.change as change
        on change.cursor = changed.version and change.cursor < $first
    where changed.version < $first
)
select
    record_id,
    not deleted and ($table <> 'name' or json_extract_string(data, '$.type') = 'patient'),
    json_extract_string(data, $paths::varchar[])
from told
"""
# What may be asked for, and how the text of it is compared.
ASKED = {
    "first_name": "first", "last_name": "last", "code": "code", "barcode": "barcode",
    "dob": "birth",
}  # fmt: skip
MOST = 500  # patients in an answer
SHOWN = ("id", "name", "phone", "email", "code", "last", "first", "birth")


def publish(hub: Hub) -> None:
    """Bring the index up to date with this cycle."""
    path = hub.home.patients
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    for attempt in (1, 2):
        try:
            with closing(sqlite3.connect(path)) as con:
                con.executescript(SCHEMA)
                row = con.execute("select max(cycle) from published").fetchone()
                known = row[0] or 0
                begin = hub.cycle if known in (hub.cycle - 1, hub.cycle) else 0
                with con:
                    for table, (wire, keys) in TABLES.items():
                        _bring(hub, con, table, wire, keys, begin)
                    con.execute("delete from published")
                    con.execute("insert into published values (?)", [hub.cycle])
            return
        except sqlite3.DatabaseError:
            if attempt == 2:
                raise
            path.write_bytes(b"")  # damaged: made anew


def _bring(
    hub: Hub, con: sqlite3.Connection, table: str, wire: str, keys: tuple[str, ...], begin: int
) -> None:
    if not begin:
        con.execute(f"delete from {table}")
    paths = [f'$."{key}"' for key in keys]
    hub.con.execute(CHANGED, [wire, begin, hub.cycle])
    if not hub.one("select count(*) from changed_record")[0]:
        return
    (first,) = hub.one(
        "select coalesce(max(next_cursor), 1) from landing.cycle where cycle < ?", begin
    )
    changed = hub.con.execute(TEXTS, {"table": wire, "paths": paths, "first": first})
    marks = ", ".join("?" * (len(keys) + 1))
    while rows := changed.fetchmany(10_000):
        con.executemany(f"delete from {table} where id = ?", [[id] for id, _, _ in rows])
        con.executemany(
            f"insert into {table} values ({marks})",
            [(id, *texts) for id, there, texts in rows if there],
        )


@contextmanager
def _opened(home: Home) -> Generator[sqlite3.Connection | None]:
    """The index, to be read; None before the first cycle."""
    if not home.patients.exists():
        yield None
        return
    with closing(sqlite3.connect(f"file:{home.patients}?mode=ro", uri=True)) as con:
        yield con


def found(home: Home, asked: Mapping[str, str]) -> list[dict[str, Any]]:
    """The patients that fit all that is asked (protocol v5, 8.3); `@` stands for any text."""
    conditions, given = ["true"], list[Any]()
    for key, column in ASKED.items():
        if text := asked.get(key, ""):
            conditions.append(f"{column} like ? escape '\\'")
            given.append(_pattern(text) + ("%" if key == "dob" else ""))
    if text := asked.get("policy_number", ""):
        conditions.append("id in (select patient from policy where number = ?)")
        given.append(text)
    limit = min(_whole(asked.get("limit", ""), MOST), MOST)
    offset = _whole(asked.get("offset", ""), 0)
    query = (
        f"select {', '.join(SHOWN)} from patient where {' and '.join(conditions)} "
        "order by last, first, id limit ? offset ?"
    )
    with _opened(home) as con, suppress(sqlite3.DatabaseError):
        rows = con.execute(query, [*given, limit, offset]).fetchall() if con else []
        return [_shown(dict(zip(SHOWN, row, strict=True))) for row in rows]
    return []


def is_known(home: Home, patient: str) -> bool:
    """Whether there is such a patient."""
    query = "select 1 from patient where id = ?"
    with _opened(home) as con:
        return con is not None and con.execute(query, [patient]).fetchone() is not None


def _pattern(text: str) -> str:
    for sign in ("\\", "%", "_"):
        text = text.replace(sign, f"\\{sign}")
    return text.replace("@", "%")


def _whole(text: str, default: int) -> int:
    return int(text) if re.fullmatch("[0-9]{1,9}", text) else default


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    birth = str(row.pop("birth") or "")[:10]
    return {
        "ID": row.pop("id"),
        **{key: value or "" for key, value in row.items()},
        "date_of_birth": f"{birth}T00:00:00" if birth and birth != "0000-00-00" else None,
    }
