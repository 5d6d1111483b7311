"""Makes the marts from what changed, then reports.duckdb and outbox files, swapped in by rename."""

import shutil
from pathlib import Path

from pipelines import outbox, sql
from pipelines.hub import Hub
from warehouse.marts import MODELS, ORDER, PUBLISHED


def make_marts(hub: Hub) -> None:
    """Bring the marts in line with what changed since they were last made."""
    for name in ORDER:
        sql.run(hub.con, MODELS[f"marts.{name}"])


def publish(hub: Hub) -> None:
    """Publish the outbox files that are owed, then a new copy of the reports."""
    outbox.publish(hub)
    publish_reports(hub)


def publish_reports(hub: Hub) -> None:
    """Copy the published file, exchange what this cycle changed, swap it in by rename.

    Whoever has the old file open keeps it; a copy that was left half-made is thrown away.
    """
    target = hub.home.reports
    part = target.with_name(".reports.duckdb.part")
    part.unlink(missing_ok=True)
    whole = not target.exists() or not _is_copy_of(hub, target)
    if not whole:
        shutil.copyfile(target, part)
    _fill(hub, part, whole)
    part.rename(target)


def _is_copy_of(hub: Hub, target: Path) -> bool:
    """Whether the published file shows the cycle before this one, so that changes suffice."""
    staging = hub.warehouse.staging.cursor()
    try:
        staging.execute(f"attach '{_quoted(target)}' as published (read_only)")
        try:
            row = staging.execute("select cycle from published.marts.published").fetchone()
        finally:
            staging.execute("detach published")
    except Exception:  # a damaged or older file is simply made anew
        return False
    finally:
        staging.close()
    (since,) = hub.one("select coalesce(max(cycle), 0) from landing.mark where stage = 'publish'")
    return row == (since,)


def _fill(hub: Hub, part: Path, whole: bool) -> None:
    writer = hub.warehouse.staging.cursor()
    writer.execute(f"attach '{_quoted(part)}' as published")
    try:
        writer.execute("begin")
        writer.execute("create schema if not exists published.marts")
        for name in PUBLISHED:
            model = MODELS[f"marts.{name}"]
            made = f"published.marts.{name}"
            rows = f"select * from warehouse.marts.{name}"
            if model.load == "replace" and model.scope and not whole:
                table, columns = model.scope
                keys = f"({columns}) in (select ({columns}) from warehouse.{table})"
                writer.execute(f"delete from {made} where {keys}")
                writer.execute(f"insert into {made} {rows} where {keys}")
            else:
                writer.execute(f"create or replace table {made} as {rows}")
        writer.execute("commit")
    finally:
        writer.execute("detach published")
        writer.close()


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
