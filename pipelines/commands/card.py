"""The command that makes a report card."""

from pathlib import Path

import click

from pipelines import home as homes
from pipelines.commands.options import HOME
from pipelines.errors import MainstemError


@click.command()
@HOME
@click.option("--store", metavar="CODE", default="", help="Of this store (default: of all).")
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    required=True,
    help="The PDF to write.",
)
def card(home_told: Path | None, store: str, output: Path) -> None:
    """Make a report card: how the country, or one store, stands, on a page of A4 as PDF.

    Stock value, items out, low and over, what has expired and what expires next, transfers, orders
    filled, days silent, use by month, the worst stock-outs, what could be given to whom. All of it
    is of the last published reports, as `mainstem report` tells it.

    \b
    For example:
        mainstem card --output country.pdf
        mainstem card --store KMK --output KMK.pdf
    """
    from dashboard import printed
    from pipelines import output as outputs
    from warehouse import card as cards

    if output.suffix.lower() != ".pdf":
        raise MainstemError(f"A card is a PDF: name a file that ends in .pdf, not {output.name}.")
    home = homes.find(home_told)
    told = cards.read(home.reports, store)
    outputs.put(printed.pdf(told), output)
    click.echo(f"The card of {told.name} is in {output}.", err=True)
