"""Every table of the hub, by the stage that makes it: what it is, what it is made from, its checks.

All of it is read from the SQL files, the schema files and the registry; nothing is opened but an
in-memory connection that parses.
"""

import importlib
import re
from dataclasses import dataclass
from functools import cache
from graphlib import TopologicalSorter

import duckdb

from pipelines import records, sql
from pipelines.cycle import STAGES
from pipelines.sql import ROOT, Model

_TABLE = re.compile(r"((?:^-- .*\n)+)^create table if not exists (\w+\.\w+)", re.MULTILINE)
# What a stage makes besides tables: files, with what they are made from.
FILES = {
    "archive": (
        "archive.manifest",
        "One file per cycle: its clock, requests and segments.",
        ("landing.cycle", "landing.segment"),
    ),
    "publish": (
        "publish.outbox",
        "One file per queue and cycle that grew it, for its site.",
        ("outbox.file", "outbox.queue", "outbox.central"),
    ),
    "marts": (
        "publish.reports",
        "reports.duckdb: the marts as last published.",
        ("marts.published",),
    ),
}
# The table whose runs a stage's figures are shown with; the last one where none is named.
MAIN = {
    "landing": "landing.change", "collector": "collector.verdict",
    "transfers": "transfers.transfer", "routing": "routing.route", "outbox": "outbox.queue",
}  # fmt: skip


@dataclass(frozen=True)
class Table:
    """One table (or file) that a stage makes; `reads` are tables made before it."""

    name: str
    description: str
    reads: tuple[str, ...] = ()
    model: Model | None = None

    @property
    def key(self) -> list[str]:
        """Its asset key: schema (or folder) and table."""
        return self.name.split(".")

    @property
    def checks(self) -> dict[str, str]:
        """The checks of its header, by name: what each says of the rows."""
        if not self.model:
            return {}
        told = {"key": f"{self.model.key} stands once."} if self.model.key else {}
        many = len(self.model.asserts) > 1
        for number, condition in enumerate(self.model.asserts, start=1):
            told[f"assert_{number}" if many else "assert"] = f"Each row: {condition}"
        return told


@cache
def flow() -> dict[str, tuple[Table, ...]]:
    """The tables of every stage, in the order in which they are made.

    What a query reads of a table that is made after it is the last cycle's, and no dependency.
    Each stage begins after the one before: its main table reads that one's main table.
    """
    with duckdb.connect() as parser:
        found = {stage: _made(parser, stage) for stage in STAGES}
    known: set[str] = set()
    before = ""
    flowing: dict[str, tuple[Table, ...]] = {}
    for stage, tables in found.items():
        kept = []
        for table in tables:
            reads = {named for name in table.reads if (named := _known(name, known))}
            if before and table.name == _main(stage, tables):
                reads.add(before)
            kept.append(Table(table.name, table.description, tuple(sorted(reads)), table.model))
            known.add(table.name)
        flowing[stage] = tuple(kept)
        before = main(stage, flowing)
    return flowing


def _known(name: str, known: set[str]) -> str | None:
    """A table made before, by its name; a working table of an earlier stage is named alone."""
    if name in known:
        return name
    table = name.split(".")[1]
    return next((other for other in sorted(known) if other.split(".")[1] == table), None)


def main(stage: str, flowing: dict[str, tuple[Table, ...]] | None = None) -> str:
    """The name of a stage's main table."""
    return _main(stage, (flowing or flow())[stage])


def _main(stage: str, tables: list[Table] | tuple[Table, ...]) -> str:
    return MAIN.get(stage, tables[-1].name)


def _made(parser: duckdb.DuckDBPyConnection, stage: str) -> list[Table]:
    """What one stage makes: its models, then the facts it keeps and the files it writes."""
    models = _models(stage)
    reads = {name: _reads(parser, model) for name, model in models.items()}
    tables = [
        Table(name, models[name].description, reads[name], models[name])
        for name in _order(stage, reads)
    ]
    ends = tuple(name for name in models if not any(name in read for read in reads.values()))
    for name, description in {**_facts(stage), **_records(stage)}.items():
        if name not in models:
            tables.append(Table(name, description, ends))
    if stage in FILES:
        tables.append(Table(*FILES[stage]))
    return tables


def _models(stage: str) -> dict[str, Model]:
    folders = (f"pipelines/{stage}", f"warehouse/{stage}")
    return {name: model for folder in folders for name, model in sql.models(folder).items()}


def _reads(parser: duckdb.DuckDBPyConnection, model: Model) -> tuple[str, ...]:
    """The tables that a query reads; a working table, which it names alone, is one of its stage."""
    schema = model.name.split(".")[0]
    return tuple(name if "." in name else f"{schema}.{name}" for name in sql.reads(parser, model))


def _order(stage: str, reads: dict[str, tuple[str, ...]]) -> list[str]:
    """The models in the order that the stage runs them: its own ORDER, else by what they read."""
    if not reads:
        return []
    package = "warehouse" if (ROOT / "warehouse" / stage).is_dir() else "pipelines"
    told = getattr(importlib.import_module(f"{package}.{stage}"), "ORDER", None)
    if told:
        return [f"{stage}.{name}" for name in told]
    sorter = TopologicalSorter(
        {name: sorted(set(read) & set(reads)) for name, read in reads.items()}
    )
    return list(sorter.static_order())


def _facts(stage: str) -> dict[str, str]:
    """The tables of a stage's schema file, with the comment above each."""
    found: dict[str, str] = {}
    for path in sorted((ROOT / "warehouse" / "schema").rglob(f"{stage}.sql")):
        for comment, name in _TABLE.findall(path.read_text(encoding="utf-8")):
            found[name] = " ".join(line.removeprefix("-- ") for line in comment.splitlines())
    return found


def _records(stage: str) -> dict[str, str]:
    """The typed tables, which the collector makes from the registry."""
    if stage != "collector":
        return {}
    return {
        f"records.{table}": f"One row per {table}: the keys that rules and reports read."
        for table in records.typed()
    }
