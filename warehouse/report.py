"""Reports: a query each over the published reports.duckdb, and over what filters leave of it."""

import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import polars as pl

from pipelines.errors import MainstemError
from warehouse import filters as narrowing
from warehouse.catalogue import REPORTS
from warehouse.filters import Filters
from warehouse.scope import EVERYTHING, Scope, limit

HERE = Path(__file__).parent / "reports"
NAMES = tuple(REPORTS)
MEMORY = "2GB"  # what a query may keep in memory by default; the rest spills


def read(
    path: Path,
    name: str,
    filters: Filters | None = None,
    scope: Scope = EVERYTHING,
    memory: str = MEMORY,
) -> pl.DataFrame:
    """One report as a frame with the columns of the interface; rows in a fixed order.

    `path` is the published reports.duckdb, `scope` what its reader may see. MainstemError for an
    unknown name, a filter that the report does not take or a filter's value that nothing has. The
    file's name has _ for -.
    """
    filters = filters or Filters()
    told = query(name, filters)
    with opened(path, filters, scope, memory) as con:
        return con.execute(told).pl()


def query(name: str, filters: Filters) -> str:
    """The text of a report's query, for `opened` with the same filters; errors as of `read`."""
    if name not in REPORTS:
        raise MainstemError(f"There is no report {name}. The reports are: {', '.join(NAMES)}.")
    takes = REPORTS[name].takes
    if wrong := [option for option in filters.values() if option not in takes]:
        raise MainstemError(
            f"The report {name} takes no {' and no '.join(wrong)}. It takes {', '.join(takes)}."
        )
    file = "records-queued" if name == "records" and filters.sites else name
    return (HERE / f"{file.replace('-', '_')}.sql").read_text(encoding="utf-8")


def unordered(query: str) -> str:
    """The text of a report's query without its order, which costs more than all that is summed."""
    return query[: query.rindex("\norder by ")]


@contextmanager
def opened(
    path: Path,
    filters: Filters | None = None,
    scope: Scope = EVERYTHING,
    memory: str = MEMORY,
) -> Generator[duckdb.DuckDBPyConnection]:
    """The published file, read-only, with the views `store`, `item`, `site`, `stock_line`.

    Of all tables there is what `scope` grants. The views show what the filters leave; every report
    reads stores, items and sites through them. MainstemError for what is too much for the memory.
    """
    if not path.is_file():
        raise MainstemError(
            f"There are no reports in {path.parent} yet. Run 'mainstem sync' first."
        )
    # What spills needs a folder of its own: in one that is shared DuckDB's instances write into
    # each other's files, and read what the other wrote.
    with tempfile.TemporaryDirectory(prefix="mainstem-") as spilled, duckdb.connect() as con:
        con.execute(f"set memory_limit = '{memory}'")
        con.execute("set temp_directory = ?", [spilled])
        try:
            # Attached, not connected to: DuckDB shares one connected database per path and process,
            # so a reader that is not done yet would show the next one the file swapped out.
            con.execute(f"attach {narrowing.literal(str(path))} as published (read_only)")
            limit(con, scope)
            narrowing.put(con, filters or Filters())
        except duckdb.Error as error:
            raise MainstemError(
                f"{path} cannot be read. Run 'mainstem sync' to publish it."
            ) from error
        try:
            yield con
        except duckdb.OutOfMemoryException as error:
            raise MainstemError(
                "So much at once does not fit in memory. Narrow it to a region, a district, a "
                "store or an item."
            ) from error
