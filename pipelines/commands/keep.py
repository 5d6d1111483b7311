"""Keeping a home whole: rebuild, verify."""

from pathlib import Path

import click

from pipelines import home as homes
from pipelines.commands.options import HOME, JSON, print_json


@click.command()
@HOME
@JSON
def rebuild(home_told: Path | None, as_json: bool) -> None:
    """Rebuild the warehouse, the outbox and the reports from the archive, to the same state."""
    from pipelines.admin.rebuild import rebuild as again

    def tell(done: int, cycles: int) -> None:
        if not as_json:
            click.echo(f"  {done} of {cycles} cycles", err=True)

    cycles = again(homes.find(home_told), tell)
    print_json({"cycles": cycles}) if as_json else click.echo(f"Rebuilt from {cycles} cycles.")


@click.command()
@HOME
@JSON
def verify(home_told: Path | None, as_json: bool) -> None:
    """Check that a home is whole, and say which of its figures cannot be right.

    That is where ledger and stock lines disagree, where the ledger falls below nothing, and what
    stands in no report because its item is not known.
    """
    from pipelines.admin import figures
    from pipelines.admin.verify import verify as check

    told = check(homes.find(home_told))
    if as_json:
        print_json(told)
    else:
        for problem in told["problems"]:
            click.echo(problem)
        for sentence in told["lacking"]:
            click.echo(f"Since a restore: {sentence}")
        for name, (_, sentence) in figures.ODD.items():
            for row in told[name]:
                click.echo(sentence.format(**row))
        state = "whole" if told["whole"] else "not whole"
        click.echo(f"The home is {state}: {told['cycles']} cycles in the archive.")
    if not told["whole"]:
        raise SystemExit(1)
