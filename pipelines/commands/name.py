"""The commands of names: visibility and home stores."""

from pathlib import Path

import click

from pipelines import home as homes
from pipelines.commands.options import HOME, JSON, NEXT, print_json


@click.group()
def name() -> None:
    """Names: customers, suppliers, stores and patients; where they are visible and at home."""


@name.command()
@click.argument("told", metavar="ID")
@HOME
@JSON
def show(told: str, home_told: Path | None, as_json: bool) -> None:
    """Show a name, by its id or code: its kind, its store, home store, where it is visible."""
    from pipelines.admin import names

    found = names.show(homes.find(home_told), told)
    if as_json:
        print_json(found)
        return
    places = ", ".join(f"{at['store']} (site {at['site']})" for at in found["visible_in"])
    for key, value in (found | {"visible_in": places}).items():
        text = ", ".join(value) if isinstance(value, list) else value
        click.echo(f"{key.replace('_', ' '):<22} {text or '-'}")


@name.command()
@click.argument("told", metavar="CODE")
@HOME
@click.option("--in", "store", required=True, metavar="STORE", help="The store, by its code.")
@click.option("--off", is_flag=True, help="Hide it there; what its site has of it stays.")
def visible(told: str, home_told: Path | None, store: str, off: bool) -> None:
    """Make a name visible in a store, so that its site gets it and can trade with it.

    Names and stores go by their code, or by their id where a code stands twice.
    """
    from pipelines.admin import names

    word = "hidden" if off else "visible"
    if names.set_visible(homes.find(home_told), told, store, not off):
        click.echo(f"{told} is {word} in store {store}. {NEXT}")
    else:
        click.echo(f"{told} is {word} in store {store} already.")


@name.command("home-store")
@click.argument("told", metavar="ID")
@HOME
@click.option("--to", "store", required=True, metavar="STORE", help="The new home store.")
def home_store(told: str, home_told: Path | None, store: str) -> None:
    """Start a change of a patient's or prescriber's home store.

    Nobody can edit the record until its present home site has synced once more; then the new home
    store's site gets everything about it.
    """
    from pipelines.admin import names

    code, site = names.change_home(homes.find(home_told), told, store)
    at = f" at site {site}" if site else ""
    click.echo(
        f"{told} leaves store {code} for store {store} once store {code}'s site{at} has synced. "
        f"{NEXT}"
    )
