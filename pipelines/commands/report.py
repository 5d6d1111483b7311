"""The command that prints a report."""

from datetime import date
from pathlib import Path

import click

from pipelines import home as homes
from pipelines.commands.options import DAY, DAYS, HOME, SITE


@click.command()
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
@click.option("--from", "start", type=DAY, help="First day of the period.")
@click.option("--to", "end", type=DAY, help="Last day of the period.")
@click.option("--store", "stores", multiple=True, metavar="CODE", help="Only this store; repeat.")
@click.option("--item", "items", multiple=True, metavar="CODE", help="Only this item; repeat.")
@click.option("--region", "regions", multiple=True, metavar="NAME", help="Only this region.")
@click.option("--site", "sites", multiple=True, type=SITE, metavar="N", help="Only this site.")
@click.option(
    "--within",
    type=DAYS,
    metavar="DAYS",
    default=180,
    show_default=True,
    help="Batches that expire by then.",
)
def report(
    name: str,
    home_told: Path | None,
    form: str | None,
    output: Path | None,
    as_of: date | None,
    start: date | None,
    end: date | None,
    stores: tuple[str, ...],
    items: tuple[str, ...],
    regions: tuple[str, ...],
    sites: tuple[int, ...],
    within: int,
) -> None:
    """Print a report, from the last published copy; it answers while a cycle runs.

    \b
    stock-on-hand   store and item: quantity, value, amc, months of stock, status
    stock-by-batch  stock line with packs: batch, expiry date, location, value
    stock-value     store, and TOTAL: value of stock in the home currency
    stock-history   month and store and item: opening, received, issued, adjusted, closing
    consumption     month and store and item: what customer invoices took
    stock-outs      store, item and spell without stock: from, to, days
    expiring        batch that expires within 180 days: what will be left of it then
    transfers       initiating half: outcome, days until received, units sent and received
    orders          order line: ordered and supplied in units, fill rate, days
    sync            remote site: last contact, data age, queue, status
    records         table: records, deleted; with --site what that site is owed

    \b
    For example:
        mainstem report stock-on-hand --store KMK --as-of 2018-06-30
        mainstem report consumption --from 2018-01-01 --to 2018-06-30 --output use.xlsx
    """
    from pipelines import output as outputs
    from pipelines.admin import words
    from warehouse import report as reports

    filters = reports.Filters(stores, items, regions, sites, start, end, as_of, within)
    frame = reports.read(homes.find(home_told).reports, name, filters)
    outputs.write(frame, name, form, output)
    if output is not None:
        click.echo(f"{words.counted(frame.height, 'row', 'rows')} in {output}.", err=True)
