"""The command that acknowledges for a site that syncs by files."""

from dataclasses import asdict
from pathlib import Path

import click

from pipelines import home as homes
from pipelines.commands.options import HOME, JSON, LINE, SITE, print_json


@click.command()
@click.argument("number", metavar="N", type=SITE)
@HOME
@JSON
@click.option("--through", type=LINE, metavar="SEQUENCE", help="The last line of its queue.")
@click.option("--central-through", type=LINE, metavar="ID", help="The last of the central log.")
def ack(
    number: int,
    home_told: Path | None,
    as_json: bool,
    through: int | None,
    central_through: int | None,
) -> None:
    """Acknowledge for a site without a line what it has taken in; by default all there is.

    With one of the two numbers only that one is acknowledged.
    """
    from pipelines.admin import ack as acks

    done = acks.acknowledge(homes.find(home_told), number, through, central_through)
    if as_json:
        print_json(asdict(done))
        return
    told = [
        f"its queue through {done.sequence}" if done.sequence is not None else "",
        f"the central log through {done.central}" if done.central is not None else "",
    ]
    if not any(told):
        click.echo(f"Site {number} has nothing more to acknowledge.")
        return
    click.echo(
        f"Site {number} has taken in {' and '.join(filter(None, told))}: the next 'mainstem sync' "
        "notes it."
    )
