"""What commands share: the home, numbers, days, and one JSON object on stdout."""

import json
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
SITE = click.IntRange(1, settings.LAST_SITE)
PORT = click.IntRange(1, 65_535)
LINE = click.IntRange(1, 2**63 - 1)
JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON object, nothing else.")


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


def print_json(told: Any) -> None:
    """Print one JSON value, and nothing else."""
    click.echo(json.dumps(told, ensure_ascii=False, default=str))
