"""What commands share: the home, numbers, days, and one JSON object on stdout."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from pipelines import settings

HOME = click.option(
    "--home",
    "home_told",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="The home folder (default: $MAINSTEM_HOME, else ./home).",
)
JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON object, nothing else.")


class _Whole(click.IntRange):
    """A whole number between two; of anything else the error says what the option takes."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Read the number; anything else is a usage error."""
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter:
            self.fail(f"{value!r} is not a whole number from {self.min} to {self.max}", param, ctx)


SITE = _Whole(1, settings.LAST_SITE)
PORT = _Whole(1, 65_535)
PERMISSION = _Whole(1, 203)  # the numbers that clients know
DAYS = _Whole(0, 36_525)
LINE = _Whole(1, 2**63 - 1)


class _Day(click.ParamType[date]):
    """A day, YYYY-MM-DD."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Read the day; anything else is a usage error."""
        try:
            return datetime.strptime(value, "%Y-%m-%d").date()
        except ValueError:
            self.fail(f"{value!r} is not a day like 2018-06-30", param, ctx)


DAY = _Day()


NEXT = "The next 'mainstem sync' applies it."
CSV = click.option(
    "--csv",
    "csv_file",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Take them all from a CSV, or none when a row is bad.",
)


def print_rows(rows: Sequence[Mapping[str, Any]], empty: str = "") -> None:
    """Print rows as a table whose columns are as wide as their widest cell."""
    if not rows:
        if empty:
            click.echo(empty)
        return
    heads = list(rows[0])
    texts = [
        ["-" if row[head] in (None, "") else _shown(row[head]) for head in heads] for row in rows
    ]
    widths = [max(map(len, column)) for column in zip(heads, *texts, strict=True)]
    for cells in [heads, *texts]:
        line = "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
        click.echo(line.rstrip())


def _shown(cell: Any) -> str:
    """A cell on one line, without what a terminal would take for a command."""
    return "".join(
        sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in str(cell)
    )


def print_json(told: Any) -> None:
    """Print one JSON value, and nothing else."""
    click.echo(json.dumps(told, ensure_ascii=False, default=str))
