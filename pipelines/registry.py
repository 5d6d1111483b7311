"""The record kinds, typed: who edits what and where it goes, from warehouse/registry."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "warehouse" / "registry"

# What a condition may ask. A condition is SQL over these booleans, and, or, not, parentheses.
FLAGS = (
    "merge",  # the change is a merge
    "patient",  # the name concerned is a patient
    "prescription",  # the record is, or hangs on, a prescription
    "from_central",  # the central or the primary site pushed the change
    "store_set",  # the owner key has a value
    "centralised_procurement",  # in force at the site of the record's store
    "centralised_payments",  # in force at the site of the record's store
    "supervisor_ordering",  # in force at the site of the record's store
)


@dataclass(frozen=True)
class RecordKind:
    """A record kind in one table, under one condition; for every record exactly one holds."""

    record_kind: str
    table_name: str
    condition: str
    sync_type: str
    editable_at: str
    route: str
    id_key: str
    owner_key: str
    parent_table: str
    parent_key: str
    assumed: bool
    notes: str


@dataclass(frozen=True)
class Reason:
    """An outcome of a change or a segment, its rule, and what it means to a supervisor."""

    reason: str
    rule: str
    description: str


def read_rows(name: str) -> list[dict[str, str]]:
    """The rows of one file of the registry, by column."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _kind(row: dict[str, str]) -> RecordKind:
    texts = {column: text for column, text in row.items() if column != "assumed"}
    return RecordKind(**texts, assumed=row["assumed"] == "true")


@cache
def record_kinds() -> tuple[RecordKind, ...]:
    """Every record kind, in the order of the file."""
    return tuple(_kind(row) for row in read_rows("record_kind"))


@cache
def tables() -> dict[str, tuple[RecordKind, ...]]:
    """The record kinds of each table, by the table's name on the wire."""
    found: dict[str, tuple[RecordKind, ...]] = {}
    for kind in record_kinds():
        found[kind.table_name] = (*found.get(kind.table_name, ()), kind)
    return found


@cache
def depth(table_name: str) -> int:
    """How many owning parents stand above a table: 0 for one that has none.

    Where only some kinds of a table have a parent the deepest counts, so that sorting by depth
    puts parents before children. Raises KeyError for a table that is not registered.
    """
    parents = {kind.parent_table for kind in tables()[table_name] if kind.parent_table}
    return max((1 + depth(parent) for parent in parents), default=0)


@cache
def reasons() -> dict[str, Reason]:
    """The outcomes of a change or a segment, by name."""
    return {row["reason"]: Reason(**row) for row in read_rows("reason")}
