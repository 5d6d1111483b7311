"""Makes the marts from what changed, in a copy of reports.duckdb that is swapped in by rename."""

import shutil
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import suppress
from functools import cache
from pathlib import Path

import duckdb

from pipelines import sql
from pipelines.hub import Hub
from warehouse import engine
from warehouse.marts import MODELS, ORDER

SCHEMA = engine.HERE / "schema" / "reports" / "marts.sql"
COLUMNS = "select table_name, column_name from duckdb_columns() where schema_name = 'marts'"

# The day of this cycle and that of the published file, in order (none where there is none): as
# variables, so that what lies between them is found without reading all days.
DAYS = """
set variable earlier = (select least(day, getvariable('today')) from marts.published);
set variable later = (select greatest(day, getvariable('today')) from marts.published)
"""

# Where landing is read from: all that was accepted since comes after it.
FIRST = """
set variable first = (
    select coalesce(min(cursor), 0) from warehouse.collector.verdict
    where cycle > getvariable('since') and outcome = 'accepted'
)
"""


def begin(hub: Hub) -> None:
    """Begin to copy the published file beside the stages that come first; it may be gigabytes."""
    finish(hub)
    if hub.home.reports.is_file():
        beside = ThreadPoolExecutor(1)
        hub.copied = beside.submit(_copy, hub.home.reports)
        beside.shutdown(wait=False)


def finish(hub: Hub) -> None:
    """Wait for a copy that nothing has asked for, and throw it away."""
    if hub.copied:
        wait([hub.copied])
        hub.copied = None
        with suppress(OSError):
            _part(hub.home.reports).unlink()


def _part(target: Path) -> Path:
    return target.with_name(".reports.duckdb.part")


def _copy(target: Path) -> Path:
    part = _part(target)
    part.unlink(missing_ok=True)
    with suppress(FileNotFoundError):
        shutil.copyfile(target, part)
    return part


def publish_reports(hub: Hub) -> None:
    """Copy the published file, bring its marts in line with what changed since, swap it in.

    The file's own cycle says what it shows; without it all is made from the start. Whoever has the
    old file open keeps it, and a copy that was left half-made is thrown away.
    """
    copied, hub.copied = hub.copied, None
    part = copied.result() if copied else _copy(hub.home.reports)
    since = published_cycle(part)
    if not since:
        part.unlink(missing_ok=True)
    con = hub.con
    engine.attach(con, part, "reports")
    con.execute(f"set variable since = {since}")
    con.execute("use reports")
    try:
        con.execute("begin")
        con.execute("create schema if not exists marts")
        con.execute(SCHEMA.read_text(encoding="utf-8"))
        con.execute(DAYS)
        con.execute(FIRST)
        for name in ORDER:
            sql.run(con, MODELS[f"marts.{name}"])
        con.execute("commit")
    except BaseException:
        hub.roll_back()
        raise
    finally:
        con.execute("use warehouse")
        con.execute("detach reports")
    part.rename(hub.home.reports)


def published_cycle(reports: Path) -> int:
    """The cycle that a published file shows; 0 where there is none that can be read."""
    if not reports.is_file():
        return 0
    try:
        with duckdb.connect(str(reports), read_only=True) as con:
            row = con.execute("select cycle from marts.published").fetchone()
            columns = set(con.execute(COLUMNS).fetchall())
    except duckdb.Error:  # damaged: it is simply made anew
        return 0
    return int(row[0]) if row and _kept_columns() <= columns else 0


@cache
def _kept_columns() -> set[tuple[str, str]]:
    """The columns of the marts that are kept; a file of another version lacks some."""
    with duckdb.connect() as con:
        con.execute("create schema marts")
        con.execute(SCHEMA.read_text(encoding="utf-8"))
        return set(con.execute(COLUMNS).fetchall())
