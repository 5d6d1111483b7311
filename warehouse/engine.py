"""Opens the warehouse: a DuckDB file attached to an in-memory instance."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from pipelines.errors import MainstemError

HERE = Path(__file__).parent
SCHEMAS = ("landing", "collector", "records", "transfers", "routing", "outbox")
THREADS = 2
STORAGE = "v1.5.0"  # the file format: zstd for long texts, read by DuckDB 1.5 and later
MEMORY = "2GB"  # what DuckDB may keep in memory; the rest spills beside the warehouse


@contextmanager
def opened(path: Path) -> Generator[duckdb.DuckDBPyConnection]:
    """Open the warehouse at `path` for writing, making its schema when it is new.

    The connection has the file as its default catalogue, `warehouse`; other files (the reports
    being made) are attached beside it. One process at a time: the caller holds the home's lock.
    """
    con = duckdb.connect(":memory:")
    try:
        con.execute(f"set threads = {THREADS}")
        con.execute(f"set memory_limit = '{MEMORY}'")
        con.execute("set preserve_insertion_order = false")  # queries that need an order say so
        con.execute("set autoinstall_known_extensions = false")
        con.execute("set temp_directory = ?", [f"{path}.tmp"])
        try:
            attach(con, path, "warehouse")
            con.execute("use warehouse")
            con.execute("set timezone = 'UTC'")
            _make_schema(con)
        except duckdb.Error as error:
            raise MainstemError(
                f"{path} cannot be opened: {str(error).splitlines()[0].rstrip('.')}. "
                "If it is damaged, 'mainstem rebuild' makes it anew from the archive."
            ) from error
        yield con
    finally:
        con.close()


def attach(con: duckdb.DuckDBPyConnection, path: Path, name: str) -> None:
    """Attach a DuckDB file for writing, in the warehouse's file format."""
    quoted = str(path).replace("'", "''")
    con.execute(f"attach '{quoted}' as {name} (storage_version '{STORAGE}')")


def _make_schema(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("begin")
    for schema in SCHEMAS:
        con.execute(f"create schema if not exists {schema}")
    for file in sorted((HERE / "schema").glob("*.sql")):
        con.execute(file.read_text(encoding="utf-8"))
    con.execute("commit")
