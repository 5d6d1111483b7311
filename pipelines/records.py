"""Typed tables and type checks, made from the registry's rows: which keys a table has, which type.

`define` gives SQL the macros that depend on the registry:

own_keys(table, data)   [id, owner, parent, party, type, mode, …] of a record, as text, and after
                        these OWN keys the ones whose very text is checked
key_types(table, data)  the JSON types of the keys that are type-checked
wrong_key(table, types, keys)  the first key that is wrong, and how; NULL when all are right
kind_of(table, …flags)  the record kind's number in the registry (the table `kind`)
"""

import csv
from collections.abc import Collection
from functools import cache

import duckdb
import pyarrow as pa

from pipelines import registry, settings
from pipelines.errors import MainstemError
from pipelines.sql import ROOT

# A condition on the JSON type (as DuckDB names it) that a key of a type may not have; a missing key
# is always allowed. Of five or more types DuckDB would make a join.
NO_TEXT = "not in ('VARCHAR', 'NULL')"
WRONG_TYPES = {
    "id": NO_TEXT,
    "text": NO_TEXT,
    "date": NO_TEXT,
    "number": "in ('VARCHAR', 'BOOLEAN', 'ARRAY', 'OBJECT')",
    "boolean": "not in ('BOOLEAN', 'NULL')",
}
# Numbers that must be whole, and between these.
WHOLE = {"site": (1, settings.LAST_SITE), "whole": (-(2**31), 2**31 - 1)}
WRONG_TYPES |= dict.fromkeys(WHOLE, WRONG_TYPES["number"])
STRUCT_TYPES = {"number": "DOUBLE", "boolean": "BOOLEAN", "json": "JSON"}
STRUCT_TYPES |= dict.fromkeys(WHOLE, "DOUBLE")
OWN = 6  # keys that own_keys gives of every table
PREFERENCES = ("centralised_procurement", "centralised_payments", "supervisor_ordering")
FLAGS = ("merge", "patient", "prescription", "from_central", "store_set", *PREFERENCES)
# Kinds that are judged by where their patient is visible (rule O4).
SEEN_BY = ("Prescriptions", "Repeats")
# Conditions that tell two kinds of one name and table apart by whether the record has an owner.
OWNED = {"store_set": True, "not store_set": False}


@cache
def typed() -> dict[str, dict[str, str]]:
    """The typed tables: table → key → type (record_key.csv)."""
    tables: dict[str, dict[str, str]] = {}
    with (ROOT / "warehouse/registry/record_key.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            tables.setdefault(row["table_name"], {})[row["key"]] = row["type"]
    return tables


@cache
def references() -> dict[str, dict[str, str]]:
    """Which typed keys name a record that can be merged: table → key → the table named (G4)."""
    tables: dict[str, dict[str, str]] = {}
    with (ROOT / "warehouse/registry/record_key.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["refers_to"]:
                tables.setdefault(row["table_name"], {})[row["key"]] = row["refers_to"]
    return tables


def passes(tables: Collection[str]) -> dict[str, int]:
    """The pass in which the changes of each of these tables are judged, from 0 on.

    A table is judged after those of them that decide about it; the fewer passes the better.
    """
    order: dict[str, int] = {}

    def of(table: str) -> int:
        if table not in order:
            before = _before(table).intersection(tables)
            order[table] = 1 + max((of(other) for other in before), default=-1)
        return order[table]

    return {table: of(table) for table in tables}


@cache
def _before(table: str) -> frozenset[str]:
    """The tables that decide about the changes of one, near and far.

    The sites, so that whoever sends is known; then what needs no owner. What is edited where a
    store is active follows its parent's table, and `name` where its kinds depend on whether the
    name is a patient; what says where a patient is visible, and which preferences of procurement
    are in force, where that decides.
    """
    tables = registry.tables()
    if table == "site":
        return frozenset()
    free = {other for other in tables if not _is_owned(other)}
    if table in free:
        return frozenset({"site"})
    kinds = tables[table]
    near = {kind.parent_table for kind in kinds if kind.parent_table}
    if party(table):
        near.add("name")
    if any(kind.record_kind in SEEN_BY for kind in kinds):
        near.add("name_store_join")
    if any(flag in kind.condition for kind in kinds for flag in PREFERENCES):
        near.add("hub_preference")
    return frozenset(free).union(near, *map(_before, near))


def _is_owned(table: str) -> bool:
    return any(kind.editable_at in ("store", "home") for kind in registry.tables()[table])


def party(table: str) -> str:
    """The key that names the party of a record, where its kind depends on a patient."""
    kinds = registry.tables()[table]
    flags = " ".join(kind.condition for kind in kinds)
    if table == "name" or not ("patient" in flags or (table == "transact")):
        return ""
    return next((kind.parent_key for kind in kinds if kind.parent_table == "name"), "name_ID")


def _path(key: str) -> str:
    return "'$.\"" + key.replace("'", "''") + "\"'"


def _own_keys(table: str) -> str:
    kinds = registry.tables()[table]

    def first(attribute: str) -> str:
        return next((v for kind in kinds if (v := getattr(kind, attribute))), "")

    keys = [first("id_key"), first("owner_key"), first("parent_key"), party(table), "type", "mode"]
    paths = [_path(key or "\u0001") for key in [*keys, *_spelt(table)]]
    return "json_extract_string(data, [" + ", ".join(paths) + "])"


def _checked(table: str) -> dict[str, str]:
    """The keys of a table that are type-checked, with their types."""
    keys = dict(typed().get(table, {}))
    for kind in registry.tables()[table]:
        for key in (kind.id_key, kind.owner_key, kind.parent_key):
            if key:
                keys.setdefault(key, "id")
    return {key: type_ for key, type_ in keys.items() if type_ != "json"}


def _case(branches: dict[str, str], other: str) -> str:
    if not branches:
        return other
    whens = " ".join(f"when '{table}' then {then}" for table, then in branches.items())
    return f"case table_name {whens} else {other} end"


def _wrong(table: str) -> str:
    keys = _checked(table)
    tests = []
    for at, (key, type_) in enumerate(keys.items(), start=1):
        tests.append(
            f"when types[{at}] {WRONG_TYPES[type_]} then "
            f"'{key}: expected {type_}, found ' || lower(types[{at}])"
        )
    for at, (key, type_) in enumerate(_spelt(table).items(), start=OWN + 1):
        text = f"keys[{at}]"
        if type_ == "date":
            # Most dates come out of a cast as they went in, which is quicker told than their form.
            tests.append(
                f"when {text} <> '' and not coalesce({text} between '0' and ':' "
                f"and try_cast(left({text}, 10) as date)::varchar = left({text}, 10), false) "
                f"and not starts_with({text}, '0000-00-00') and ("
                f"not regexp_full_match(left({text}, 10), '[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}') "
                f"or try_cast(left({text}, 10) as date) is null) then '{key}: not a date'"
            )
        else:
            least, most = WHOLE[type_]
            tests.append(
                f"when {text} <> '' and not coalesce(try_cast({text} as double) % 1 = 0 "
                f"and try_cast({text} as double) between {least} and {most}, false) "
                f"then '{key}: expected a whole number, {least} to {most}'"
            )
    return "case " + " ".join(tests) + " end"


def _types(table: str) -> str:
    return "json_type(data, [" + ", ".join(map(_path, _checked(table))) + "])"


def _spelt(table: str) -> dict[str, str]:
    """The keys whose very text is checked, with their types."""
    return {key: it for key, it in _checked(table).items() if it == "date" or it in WHOLE}


def load_kinds(con: duckdb.DuckDBPyConnection) -> None:
    """Make the connection's table `kind`: the registry's rows, numbered, with depth."""
    con.register("kinds", _kinds())
    con.execute("create or replace temp table kind as select * from kinds")
    con.unregister("kinds")


def define(con: duckdb.DuckDBPyConnection, tables: list[str]) -> None:
    """Make the macros and passes for the known tables that this cycle's changes name."""
    con.register("told_passes", _passes(tables))
    con.execute("create or replace temp table passes as from told_passes")
    con.unregister("told_passes")
    none = "null::varchar[]"
    macros = {
        "own_keys(table_name, data)": _case({t: _own_keys(t) for t in tables}, none),
        "key_types(table_name, data)": _case({t: _types(t) for t in tables}, none),
        "wrong_key(table_name, types, keys)": _case({t: _wrong(t) for t in tables}, "null"),
        f"kind_of(table_name, {', '.join(FLAGS)})": _case({t: _kind(t) for t in tables}, "null"),
    }
    for head, body in macros.items():
        con.execute(f"create or replace temp macro {head} as {body}")


def _passes(tables: list[str]) -> pa.Table:
    """The pass of each table, whether its records are merged, and the pass of merges, the last."""
    order = passes(tables)
    merges = [
        any("merge" in kind.condition.split() for kind in registry.tables()[t]) for t in order
    ]
    columns = {
        "table_name": pa.array(order, pa.string()),
        "pass": pa.array(order.values(), pa.int32()),
        "merges": pa.array(merges, pa.bool_()),
        "merge_pass": pa.array([max(order.values()) + 1] * len(order) if order else [], pa.int32()),
    }
    return pa.table(columns)


def _kind(table: str) -> str:
    """A case over the table's kinds."""
    whens = [
        f"when {kind.condition or 'true'} then {number}"
        for number, kind in enumerate(registry.record_kinds())
        if kind.table_name == table
    ]
    return "case " + " ".join(whens) + " end"


def _kinds() -> pa.Table:
    kinds = registry.record_kinds()
    columns = {
        "kind": pa.array(range(len(kinds)), pa.int32()),
        "depth": pa.array([registry.depth(kind.table_name) for kind in kinds], pa.int32()),
        "store_set": pa.array([OWNED.get(kind.condition) for kind in kinds], pa.bool_()),
        "by_party": pa.array([_by_party(kind.table_name) for kind in kinds], pa.bool_()),
        "by_preference": pa.array(
            [any(flag in kind.condition for flag in PREFERENCES) for kind in kinds], pa.bool_()
        ),
    }
    for name in ("record_kind", "table_name", "sync_type", "editable_at", "route", "parent_table"):
        columns[name] = pa.array([getattr(kind, name) for kind in kinds], pa.string())
    return pa.table(columns)


@cache
def _by_party(table: str) -> bool:
    """Whether who may edit a record of a table depends on whether its name is a patient (O4)."""
    kinds = registry.tables()[table]
    return bool(party(table)) and any(
        {kind.editable_at for kind in kinds if "not patient" in kind.condition}
        - {kind.editable_at for kind in kinds if "not patient" not in kind.condition}
    )


def _column(key: str, type_: str) -> str:
    if key == "ID":  # a record may lack its own; recordId never does
        return "told.record_id"
    value = f'fields."{key}"'
    return f"try_cast(left(nullif({value}, ''), 10) as date)" if type_ == "date" else value


def make_typed(con: duckdb.DuckDBPyConnection) -> None:
    """Make the typed tables records.* that are not there yet.

    MainstemError where another version made one with other columns, or took in records without.
    """
    stand: dict[str, set[str]] = {}
    for table, column in con.execute(
        "select table_name, column_name from duckdb_columns() "
        "where database_name = current_database() and schema_name = 'records'"
    ).fetchall():
        stand.setdefault(table, set()).add(column)
    kinds = {"number": "double", "boolean": "boolean", "date": "date"}
    kinds |= dict.fromkeys(WHOLE, "double")
    own = {"ID": " using compression zstd"}  # as in collector.record
    for table, keys in typed().items():
        if stand.get(table) == set(keys):
            continue
        missed = "from collector.record where table_name = ? limit 1"
        if table in stand or (stand and con.execute(missed, [table]).fetchone()):
            raise MainstemError(
                f"The warehouse was made by another version of Mainstem ({table} has other "
                "columns, or none). Run 'mainstem rebuild', which makes it anew from the archive."
            )
        columns = ", ".join(
            f'"{key}" {kinds.get(type_, "varchar")}{own.get(key, "")}'
            for key, type_ in keys.items()
        )
        con.execute(f'create table records."{table}" ({columns})')


def apply(con: duckdb.DuckDBPyConnection, pass_number: int) -> None:
    """Bring the typed tables in line with what this pass settled (table `settled`).

    A key that names a record that was merged away names what that was merged into (rule G4).
    """
    tables = con.execute(
        "select table_name, bool_or(existed) from settled where changed and pass = ? group by all",
        [pass_number],
    ).fetchall()
    if not tables:
        return
    merged = {
        table
        for (table,) in con.execute("select distinct table_name from collector.merged").fetchall()
    }
    for table, existed in sorted(tables):
        if table not in typed():
            continue
        if existed:
            con.execute(
                f'delete from records."{table}" where "ID" in '
                "(select record_id from settled where changed and table_name = $1)",
                [table],
            )
        con.execute(_insert(table, merged), [table])


def _insert(table: str, merged: set[str]) -> str:
    """The statement that adds the settled records of a table, whose name is its parameter."""
    keys = typed()[table]
    structure = ", ".join(
        f'"{key}": "{STRUCT_TYPES.get(type_, "VARCHAR")}"' for key, type_ in keys.items()
    )
    columns = {key: _column(key, type_) for key, type_ in keys.items()}
    joins = ""
    for number, (key, named) in enumerate(references().get(table, {}).items()):
        if named in merged:
            columns[key] = f"coalesce(m{number}.merged_into, {columns[key]})"
            joins += (
                f" left join collector.merged as m{number} on m{number}.table_name = '{named}'"
                f' and m{number}.record_id = fields."{key}"'
            )
    told = ", ".join(f'{value} as "{key}"' for key, value in columns.items())
    return f"""
        insert into records."{table}"
        select {told} from (
            select from_json(change.data, '{{{structure}}}') as fields, change.record_id
            from landing.change as change
            join settled as settled on change.cursor = settled.version
            where settled.changed and not settled.deleted and settled.table_name = $1
                and change.table_name = $1
        ) as told {joins}
    """
