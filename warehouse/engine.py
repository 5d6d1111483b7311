"""Opens the warehouse: a DuckDB file attached beside an in-memory staging area."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

HERE = Path(__file__).parent
SCHEMAS = ("landing", "collector", "records", "routing", "outbox", "marts")
MEMORY = "2GB"  # what DuckDB may keep in memory; the rest spills beside the warehouse


@dataclass(frozen=True)
class Warehouse:
    """One open warehouse.

    `staging` is the in-memory database that dlt loads into (schema `feed`); `con` is a cursor of
    the same instance with the warehouse file as its default catalogue, so SQL reads both.
    """

    staging: duckdb.DuckDBPyConnection
    con: duckdb.DuckDBPyConnection


@contextmanager
def opened(path: Path, threads: int = 2) -> Iterator[Warehouse]:
    """Open the warehouse at `path` for writing, making its schema when it is new.

    One process at a time: the caller holds the home's lock.
    """
    staging = duckdb.connect(":memory:")
    try:
        staging.execute(f"set threads = {threads}")
        staging.execute(f"set memory_limit = '{MEMORY}'")
        staging.execute("set autoinstall_known_extensions = false")
        staging.execute("set temp_directory = ?", [f"{path}.tmp"])
        quoted = str(path).replace("'", "''")
        staging.execute(f"attach '{quoted}' as warehouse")
        con = staging.cursor()
        con.execute("use warehouse")
        con.execute("set timezone = 'UTC'")
        _make_schema(con)
        yield Warehouse(staging, con)
    finally:
        staging.close()


def _make_schema(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("begin")
    for schema in SCHEMAS:
        con.execute(f"create schema if not exists {schema}")
    for file in sorted((HERE / "schema").glob("*.sql")):
        con.execute(file.read_text(encoding="utf-8"))
    con.execute("commit")
