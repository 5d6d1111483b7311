"""The command that prints a report."""

from datetime import date
from pathlib import Path

import click

from pipelines import home as homes
from pipelines.commands.options import DAY, DAYS, HOME, SITE
from warehouse.catalogue import REPORTS

WIDTH = max(map(len, REPORTS))
LINES = "\n    ".join(f"{name:{WIDTH}}  {report.about}" for name, report in REPORTS.items())
HELP = f"""Print a report, from the last published copy; it answers while a cycle runs.

    \b
    {LINES}

    \b
    For example:
        mainstem report stock-on-hand --store KMK --as-of 2018-06-30
        mainstem report consumption --from 2018-01-01 --to 2018-06-30 --output use.xlsx
    """


@click.command(help=HELP)
@click.argument("name")
@HOME
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "csv", "json", "xlsx", "parquet"]),
    help="Default: by the output file's ending, else a table.",
)
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write to a file instead of the terminal.",
)
@click.option("--as-of", type=DAY, help="Stock at the end of that day, from the ledger.")
@click.option("--known-on", type=DAY, help="Stock as the hub knew it at the end of that day.")
@click.option("--from", "start", type=DAY, help="First day of the period.")
@click.option("--to", "end", type=DAY, help="Last day of the period.")
@click.option("--store", "stores", multiple=True, metavar="CODE", help="Only this store; repeat.")
@click.option("--item", "items", multiple=True, metavar="CODE", help="Only this item; repeat.")
@click.option("--region", "regions", multiple=True, metavar="NAME", help="Only this region.")
@click.option("--district", "districts", multiple=True, metavar="NAME", help="Only this district.")
@click.option("--level", "levels", multiple=True, metavar="NAME", help="Only stores of this level.")
@click.option(
    "--category", "categories", multiple=True, metavar="NAME", help="Only items of this category."
)
@click.option(
    "--programme", "programmes", multiple=True, metavar="NAME", help="Only items of this programme."
)
@click.option("--site", "sites", multiple=True, type=SITE, metavar="N", help="Only this site.")
@click.option(
    "--within",
    type=DAYS,
    metavar="DAYS",
    help="Batches that expire by then (default: 180).",
)
@click.option(
    "--mail",
    "to",
    multiple=True,
    metavar="ADDRESS",
    help="Send it instead of printing it, as a file (default: xlsx); repeat.",
)
def report(
    name: str,
    home_told: Path | None,
    form: str | None,
    output: Path | None,
    as_of: date | None,
    known_on: date | None,
    start: date | None,
    end: date | None,
    stores: tuple[str, ...],
    items: tuple[str, ...],
    regions: tuple[str, ...],
    districts: tuple[str, ...],
    levels: tuple[str, ...],
    categories: tuple[str, ...],
    programmes: tuple[str, ...],
    sites: tuple[int, ...],
    within: int | None,
    to: tuple[str, ...],
) -> None:
    """Print a report; see the help."""
    from pipelines import output as outputs
    from pipelines.admin import words
    from warehouse import report as reports

    filters = reports.Filters(
        stores=stores,
        items=items,
        regions=regions,
        districts=districts,
        levels=levels,
        categories=categories,
        programmes=programmes,
        sites=sites,
        start=start,
        end=end,
        as_of=as_of,
        known_on=known_on,
        within=within,
    )
    home = homes.find(home_told)
    if to:
        from pipelines import posted

        count = posted.send(home, name, filters, to, form or "xlsx")
        click.echo(f"{words.counted(count, 'row', 'rows')} sent to {', '.join(to)}.", err=True)
        if output is None:
            return
    frame = reports.read(home.reports, name, filters)
    outputs.write(frame, name, form, output)
    if output is not None:
        click.echo(f"{words.counted(frame.height, 'row', 'rows')} in {output}.", err=True)
