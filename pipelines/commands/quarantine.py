"""The commands of the quarantine."""

import json
from pathlib import Path

import click

from pipelines import home as homes
from pipelines.commands.options import HOME, JSON, LINE, SITE, print_json, print_rows


@click.group()
def quarantine() -> None:
    """Show what was refused or waits, and why; ask for it to be judged again."""


@quarantine.command("list")
@HOME
@JSON
@click.option("--deferred", is_flag=True, help="The lines that wait for a record, instead.")
@click.option("--site", type=SITE, help="Only this site.")
@click.option("--reason", help="Only this reason, such as not_owner.")
def quarantine_list(
    home_told: Path | None, as_json: bool, deferred: bool, site: int | None, reason: str | None
) -> None:
    """List the lines in quarantine, oldest first."""
    from pipelines.admin import quarantine as held

    lines = held.listed(homes.find(home_told), deferred, site, reason)
    if as_json:
        print_json({"quarantine": lines})
        return
    what = "Nothing of that" if site or reason else "Nothing"
    print_rows(lines, f"{what} is deferred." if deferred else f"{what} is in quarantine.")


@quarantine.command("show")
@click.argument("number", metavar="ID", type=LINE)
@HOME
@JSON
def quarantine_show(number: int, home_told: Path | None, as_json: bool) -> None:
    """Show one line whole: where it came from, why it is held, its text."""
    from pipelines.admin import quarantine as held

    line = held.shown(homes.find(home_told), number)
    if as_json:
        print_json(line)
        return
    for key, value in line.items():
        click.echo(f"{key:<12} {value}")


@quarantine.command("retry")
@click.argument("numbers", metavar="[ID …]", type=LINE, nargs=-1)
@HOME
@JSON
def quarantine_retry(numbers: tuple[int, ...], home_told: Path | None, as_json: bool) -> None:
    """Ask the next cycle to judge lines again; without an ID all in quarantine."""
    from pipelines.admin import quarantine as held
    from pipelines.admin import words

    asked = held.retry(homes.find(home_told), list(numbers))
    if as_json:
        print_json({"asked": asked})
    else:
        lines = words.counted(asked, "line", "lines")
        click.echo(
            f"{lines} will be judged again by the next 'mainstem sync', which says how many stay."
        )


@quarantine.command("export")
@HOME
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write to a file instead of the terminal.",
)
def quarantine_export(home_told: Path | None, output: Path | None) -> None:
    """Write every line held, with its text, as one JSON object a line."""
    from pipelines import output as outputs
    from pipelines.admin import quarantine as held

    lines = "".join(
        json.dumps(line, ensure_ascii=False) + "\n" for line in held.exported(homes.find(home_told))
    )
    outputs.put(lines.encode(), output)
