"""Reports: a query each over the published reports.duckdb, and the one place that filters them."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import polars as pl

from pipelines import settings
from pipelines.errors import MainstemError

HERE = Path(__file__).parent / "reports"
# The reports, in the order of the help; the file's name has _ for -.
NAMES = (
    "stock-on-hand",
    "stock-by-batch",
    "stock-value",
    "stock-history",
    "consumption",
    "stock-outs",
    "expiring",
    "transfers",
    "orders",
    "sync",
    "records",
)
WITHIN = 180  # days
FIRST, LAST = date(1, 1, 1), date(9999, 12, 31)

# What stood in each stock line on a past day, from the ledger: every movement up to it, at the
# stock line's cost price.
STOCK_LINE_AS_OF = """
select
    coalesce(movement.stock_line_id, movement.movement_id) as stock_line_id,
    movement.store_id, movement.item_id, arg_max(movement.batch, movement.day) as batch,
    arg_max(movement.expiry_date, movement.day) as expiry_date,
    any_value(known.location_id) as location_id, movement.pack_size,
    sum(movement.packs) as packs, sum(movement.packs) as available_packs,
    coalesce(any_value(known.cost_price), arg_max(movement.cost_price, movement.day)) as cost_price
from marts.movement as movement
left join marts.stock_line as known
    on known.stock_line_id = movement.stock_line_id and known.pack_size = movement.pack_size
where movement.day <= getvariable('as_of')
group by all
"""


@dataclass(frozen=True)
class Filters:
    """What a report is narrowed to; an empty tuple or None is everything there is.

    Stores and items by code, regions by name, sites by number. `as_of` takes stock from the ledger
    at the end of that day and makes it the report's day. `within` is a number of days ahead.
    """

    stores: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    sites: tuple[int, ...] = ()
    start: date | None = None
    end: date | None = None
    as_of: date | None = None
    within: int = WITHIN
    now: datetime = field(default_factory=settings.now)


def read(path: Path, name: str, filters: Filters | None = None) -> pl.DataFrame:
    """One report as a frame with the columns of the interface; rows in a fixed order.

    `path` is the published reports.duckdb. MainstemError for an unknown name or filter value.
    """
    if name not in NAMES:
        raise MainstemError(f"There is no report {name}. The reports are: {', '.join(NAMES)}.")
    filters = filters or Filters()
    file = "records-queued" if name == "records" and filters.sites else name
    query = (HERE / f"{file.replace('-', '_')}.sql").read_text(encoding="utf-8")
    with opened(path, filters) as con:
        return con.execute(query).pl()


@contextmanager
def opened(path: Path, filters: Filters | None = None) -> Generator[duckdb.DuckDBPyConnection]:
    """The published file, read-only, with the views `store`, `item`, `site`, `stock_line`.

    The views show what the filters leave; every report reads stores, items and sites through them.
    """
    filters = filters or Filters()
    if not path.is_file():
        raise MainstemError(
            f"There are no reports in {path.parent} yet. Run 'mainstem sync' first."
        )
    con = duckdb.connect()
    try:
        try:
            # Attached, not connected to: DuckDB shares one connected database per path and process,
            # so a reader that is not done yet would show the next one the file swapped out.
            con.execute(f"attach {_literal(str(path))} as published (read_only)")
            con.execute("use published")
            _set_variables(con, filters)
            _check(con, filters)
            _show(con, filters)
        except duckdb.Error as error:
            raise MainstemError(
                f"{path} cannot be read. Run 'mainstem sync' to publish it."
            ) from error
        yield con
    finally:
        con.close()


def _set_variables(con: duckdb.DuckDBPyConnection, filters: Filters) -> None:
    row = con.execute(
        "select timezone, lag_warning_days, lag_alert_days from marts.published"
    ).fetchone()
    timezone, warning, alert = row or ("UTC", 3, 30)
    now = filters.now.astimezone(UTC)
    today = now.astimezone(ZoneInfo(timezone)).date()
    days = {
        "day": filters.as_of or today,
        "as_of": filters.as_of or LAST,
        "from": filters.start or FIRST,
        "to": filters.end or LAST,
    }
    for name, day in days.items():
        con.execute(f"set variable \"{name}\" = date '{day.isoformat()}'")
    con.execute(f"set variable now = timestamp '{now.replace(tzinfo=None).isoformat()}'")
    con.execute(f"set variable within = {filters.within}")
    con.execute(f"set variable lag_warning_days = {int(warning)}")
    con.execute(f"set variable lag_alert_days = {int(alert)}")


def _check(con: duckdb.DuckDBPyConnection, filters: Filters) -> None:
    """A filter value that nothing has is an error, not an empty report."""
    told = {
        ("store", "marts.store", "store_code"): filters.stores,
        ("item", "marts.item", "item_code"): filters.items,
        ("region", "marts.store", "region"): filters.regions,
        ("site", "marts.site", "site"): filters.sites,
    }
    for (word, table, column), values in told.items():
        for value in values:
            if not con.execute(f"from {table} where {column} = ? limit 1", [value]).fetchone():
                raise MainstemError(f"There is no {word} {value}. Look it up and try again.")
    if filters.start and filters.end and filters.start > filters.end:
        raise MainstemError(f"--from {filters.start} is after --to {filters.end}. Swap them.")


def _show(con: duckdb.DuckDBPyConnection, filters: Filters) -> None:
    conditions = {
        "store": [
            ("store_code", filters.stores),
            ("region", filters.regions),
            ("site", filters.sites),
        ],
        "item": [("item_code", filters.items)],
        "site": [("site", filters.sites)],
    }
    for table, columns in conditions.items():
        where = " and ".join(
            f"{column} in ({', '.join(_literal(value) for value in values)})"
            for column, values in columns
            if values
        )
        con.execute(
            f"create or replace temp view {table} as from marts.{table}"
            + (f" where {where}" if where else "")
        )
    lines = STOCK_LINE_AS_OF if filters.as_of else "from marts.stock_line"
    con.execute(f"create or replace temp view stock_line as {lines}")


def _literal(value: str | int) -> str:
    return str(value) if isinstance(value, int) else "'" + value.replace("'", "''") + "'"
