"""The kernel: one SQL file is one table; its path is its name, its header says the rest.

A header is comment lines `-- key: value`:

description  what one row is (required)
load         rebuild (default): the table is made anew each time; working: the same, as a temporary
             table of the cycle's connection, which queries name without its schema; view: the same,
             worked out whenever it is read; more: rows are added to such a table; replace: the rows
             of the keys in `scope` are exchanged
key          columns that are unique among the rows just made; a breach stops the stage
assert       a condition that every row just made fulfils; a breach stops the stage
scope        for replace: `table(column, …)`, a working table with the keys to exchange
given        tables: where they are all empty, so is what the query makes, and it is not run; of
             several such lines any one
joins        `as written`: what stands right in a join is the smaller side; without it DuckDB
             guesses, after many joins wrongly, which costs it a copy of the big side. In a cycle
             that is small (the variable of that name) no side is big, and it may guess
"""

import json
import re
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipelines.errors import MainstemError

ROOT = Path(__file__).resolve().parent.parent
_HEADER = re.compile(r"^-- (\w+): (.*)$")
_SCOPE = re.compile(r"^([a-z_]+)\(([a-z_, ]+)\)$")
LOADS = ("rebuild", "working", "view", "more", "replace")
_NONE = "from (\n{}\n) limit 0"
WORKING = ("working", "view", "more")  # loads whose table lasts as long as the connection


class CheckError(MainstemError):
    """Rows broke a check of their table's header; the stage is rolled back."""


@dataclass(frozen=True)
class Model:
    """One SQL file: schema.table, what it is, how it is loaded, its checks, its query."""

    name: str
    description: str
    load: str
    key: str
    asserts: tuple[str, ...]
    scope: tuple[str, str] | None
    given: tuple[tuple[str, ...], ...]
    as_written: bool
    query: str

    @property
    def asset_key(self) -> tuple[str, str]:
        """The table's name as Dagster has it."""
        schema, table = self.name.split(".")
        return schema, table


def read(path: Path) -> Model:
    """Read one SQL file; an error names the file and what its header lacks."""
    told: dict[str, list[str]] = {}
    text = path.read_text(encoding="utf-8")
    for line in text.splitlines():
        if not (match := _HEADER.match(line)):
            break
        told.setdefault(match[1], []).append(match[2])
    unknown = set(told) - {"description", "load", "key", "assert", "scope", "given", "joins"}
    load = told.get("load", ["rebuild"])[0]
    scope = _SCOPE.match(told["scope"][0]) if "scope" in told else None
    if unknown or "description" not in told or load not in LOADS:
        raise ValueError(f"{path}: bad header: {unknown or 'no description or a bad load'}")
    if (load == "replace") != (scope is not None):
        raise ValueError(f"{path}: a replace load, and only that, has a scope")
    return Model(
        name=f"{path.parent.name}.{path.stem}",
        description=" ".join(told["description"]),
        load=load,
        key=told.get("key", [""])[0],
        asserts=tuple(told.get("assert", ())),
        scope=(scope[1], scope[2]) if scope else None,
        given=tuple(tuple(line.split(", ")) for line in told.get("given", ())),
        as_written="joins" in told,
        query=text,
    )


def models(folder: str) -> dict[str, Model]:
    """Every table of a stage's folder, such as `pipelines/collector`, by name."""
    read_ = [read(path) for path in sorted((ROOT / folder).glob("*.sql"))]
    return {model.name: model for model in read_}


def reads(con: duckdb.DuckDBPyConnection, model: Model) -> set[str]:
    """The tables that a model's query reads, parsed from the query; `con` needs none of them.

    Names are schema.table, or what a working table is called; the query's own CTEs are left out.
    """
    (told,) = con.execute("select json_serialize_sql(?)", [model.query]).fetchone() or ("{}",)
    found: set[str] = set()
    named: set[str] = set()
    nodes = [json.loads(told)]
    while nodes:
        node = nodes.pop()
        if isinstance(node, list):
            nodes += node
        elif isinstance(node, dict):
            nodes += node.values()
            named.update(cte["key"] for cte in node.get("cte_map", {}).get("map", ()))
            if node.get("type") == "BASE_TABLE":
                found.add(".".join(filter(None, (node["schema_name"], node["table_name"]))))
    return found - named


def run(con: duckdb.DuckDBPyConnection, model: Model) -> int:
    """Run one model inside the caller's transaction, check its rows; how many rows it made."""
    if not is_given(con, model):
        clear(con, model)
        return 0
    if not model.as_written or _is_small(con):
        return _make(con, model, model.query)
    con.execute("set disabled_optimizers = 'build_side_probe_side,common_subplan'")
    try:
        return _make(con, model, model.query)
    finally:
        con.execute("reset disabled_optimizers")


def is_given(con: duckdb.DuckDBPyConnection, model: Model) -> bool:
    """Whether what a model's header says it needs has rows; without them it is not run."""
    return all(any(_has_rows(con, table) for table in line) for line in model.given)


def clear(con: duckdb.DuckDBPyConnection, model: Model) -> None:
    """Make a model's table as if its query had no rows; it is not run."""
    stem = model.name.split(".")[1]
    stays = model.load == "more" or (model.scope and not _has_rows(con, model.scope[0]))
    if not (stays and _stands(con, model.name if model.scope else f"temp.main.{stem}")):
        _make(con, model, _NONE.format(model.query))


def _has_rows(con: duckdb.DuckDBPyConnection, table: str) -> bool:
    return con.execute(f"select 1 from {table} limit 1").fetchone() is not None


def _is_small(con: duckdb.DuckDBPyConnection) -> bool:
    return con.execute("select getvariable('small')").fetchone() == (True,)


def _make(con: duckdb.DuckDBPyConnection, model: Model, query: str) -> int:
    stem = model.name.split(".")[1]
    if model.load == "view":
        con.execute(f"create or replace temp view {stem} as {query}")
        return 0
    if model.load == "more":
        stands = _stands(con, f"temp.main.{stem}")
        into = f"insert into {stem}" if stands else f"create temp table {stem} as"
        return _changed(con, f"{into} {query}")
    if model.scope:
        return _exchange(con, model, *model.scope, query)
    made = model.name if model.load == "rebuild" else stem
    kind = "table" if model.load == "rebuild" else "temp table"
    rows = _changed(con, f"create or replace {kind} {made} as {query}")
    _check(con, model, made, rows)
    return rows


def _exchange(
    con: duckdb.DuckDBPyConnection, model: Model, touched: str, columns: str, query: str
) -> int:
    """Put what a query makes in the place of the rows in scope; only what is new is checked."""
    if not _stands(con, model.name):
        con.execute(f"create table {model.name} as {_NONE.format(model.query)}")
    if not _has_rows(con, model.name):
        rows = _changed(con, f"insert into {model.name} {query}")
        _check(con, model, model.name, rows)
        return rows
    rows = _changed(con, f"create or replace temp table fresh as {query}")
    _check(con, model, "fresh", rows)
    if _has_rows(con, touched):
        con.execute(
            f"delete from {model.name} where ({columns}) in (select ({columns}) from {touched})"
        )
    if rows:
        con.execute(f"insert into {model.name} from fresh")
    con.execute("drop table fresh")
    return rows


def _stands(con: duckdb.DuckDBPyConnection, table: str) -> bool:
    """Whether there is such a table: to ask is faster than to plan a query that makes it."""
    try:
        con.execute(f"select 1 from {table} limit 0")
    except duckdb.CatalogException:
        return False
    return True


def _changed(con: duckdb.DuckDBPyConnection, statement: str) -> int:
    row = con.execute(statement).fetchone()
    return int(row[0]) if row else 0


def _check(con: duckdb.DuckDBPyConnection, model: Model, made: str, rows: int) -> None:
    """Each check is a query for the rows that break it; one found is an error that shows it."""
    if not rows:
        return
    if model.key:
        # By a hash first, which is narrow; where one stands twice, by the key itself.
        query = f"select 1 from {made} group by hash({model.key}) having count(*) > 1 limit 1"
        exact = f"select {model.key} from {made} group by all having count(*) > 1 limit 1"
        if con.execute(query).fetchone() and (broken := con.execute(exact).fetchone()):
            raise CheckError(f"{model.name}: key {model.key} stands twice: {broken}.")
    for condition in model.asserts:
        query = f"select * from {made} where ({condition}) is not true limit 1"
        if broken := con.execute(query).fetchone():
            raise CheckError(f"{model.name}: a row breaks '{condition}': {broken}.")
