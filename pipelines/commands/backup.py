"""Backups: making one, and putting one back."""

from pathlib import Path

import click

from pipelines import home as homes
from pipelines import settings
from pipelines.commands.options import HOME, JSON, print_json

FOLDER = click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))


@click.command()
@FOLDER
@HOME
@JSON
def backup(folder: Path, home_told: Path | None, as_json: bool) -> None:
    """Copy the home into a new dated folder in DIR; what an earlier backup has is linked."""
    from pipelines.admin.backup import backup as make

    told = make(homes.find(home_told), folder)
    if as_json:
        print_json(told)
        return
    click.echo(
        "{backup}: cycle {cycle}, {files} files, {copied} of them new, {bytes} bytes.".format(
            **told
        )
    )
    if not told["warehouse"]:
        click.echo("The warehouse cannot be copied as it is; a restore makes it from the archive.")


@click.command()
@FOLDER
@HOME
@click.option("--dry-run", is_flag=True, help="Check the backup and say what would be done.")
@click.option(
    "--nothing-lost",
    is_flag=True,
    help="No cycle ran after the backup, as when a home moves: numbers need not leap.",
)
@JSON
def restore(
    folder: Path, home_told: Path | None, dry_run: bool, nothing_lost: bool, as_json: bool
) -> None:
    """Put the backup DIR (or the newest in DIR) in the place of the home.

    Cycles that the home's archive has beyond the backup are done again. No number is given twice:
    where any are lost, queues and the central log go on above all that was given, and queues that
    were ahead begin anew. What is replaced is kept until all is in place, and longer when something
    is lacking.
    """
    from pipelines.admin.restore import restore as put_back

    def announce(sentence: str) -> None:
        if not as_json:
            click.echo(sentence, err=True)

    def tell(done: int, cycles: int) -> None:
        if not as_json:
            click.echo(f"  {done} of {cycles} cycles", err=True)

    home = homes.Home(settings.home_path(home_told))
    told = put_back(home, folder, nothing_lost, dry_run, announce, tell)
    if as_json:
        print_json(told)
        return
    if dry_run:
        click.echo("Nothing was changed.")
        return
    click.echo(f"Restored {home.path} to cycle {told['last']}.")
    if told["ahead"]:
        click.echo(
            f"{len(told['ahead'])} queues were, or may have been, given more than is known here; "
            "the next 'mainstem sync' goes on above that."
        )
    if told["aside"]:
        click.echo(f"What was replaced is kept in {told['aside']}; remove it when all is well.")
