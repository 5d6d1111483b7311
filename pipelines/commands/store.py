"""The commands of stores."""

import json
from pathlib import Path

import click

from pipelines import home as homes
from pipelines.commands.options import CSV, HOME, JSON, NEXT, SITE, print_json

MODE = click.Choice(["store", "dispensary"])
KEEPS = click.Choice(["none", "transfer", "collector"])


@click.group()
def store() -> None:
    """Stores: added to a site, moved to another. A store is active at one site at a time."""


@store.command()
@HOME
@JSON
@click.option("--code", help="The store's code; no two stores have the same.")
@click.option("--name", help="Its name.")
@click.option("--site", type=SITE, metavar="N", help="The site where it is active.")
@click.option("--mode", type=MODE, default="store", show_default=True)
@CSV
def add(
    home_told: Path | None,
    as_json: bool,
    code: str | None,
    name: str | None,
    site: int | None,
    mode: str,
    csv_file: Path | None,
) -> None:
    """Add a store, or all stores of a CSV, each with the name that other stores trade with.

    The CSV's first line names its columns: code, name, site, and as needed mode, region, district,
    type, latitude, longitude. When a row is bad nothing is added.

    In a mirrored system names are the primary's: a name of type store with the store's code is
    taken when the primary has made one, else the output says which name it must make.
    """
    from pipelines.admin import new_stores

    home = homes.find(home_told)
    if csv_file is not None:
        if code is not None or name is not None or site is not None:
            raise click.UsageError("--csv goes alone: the file has codes, names and sites")
        added = new_stores.add_all(home, csv_file)
    elif code is None or name is None or site is None:
        raise click.UsageError("--code, --name and --site are needed, or --csv")
    else:
        added = [new_stores.add(home, new_stores.Store(code, name, site, mode))]
    if as_json:
        keys = ("code", "store_id", "name_id", "name_missing")
        print_json({"stores": [{key: getattr(one, key) for key in keys} for one in added]})
        return
    for one in added:
        if one.name_missing:
            place = f", custom_data {json.dumps(one.place, ensure_ascii=False)}"
            click.echo(
                f"The primary must make the name of store {one.code}: id {one.name_id}, code "
                f"{one.code}, type store{place if one.place else ''}."
            )
    what = f"Store {added[0].code}" if len(added) == 1 else f"{len(added)} stores"
    click.echo(f"{what} added. {NEXT}")


@store.command()
@click.argument("code")
@HOME
@JSON
@click.option("--to", type=SITE, required=True, metavar="N", help="The site where it goes.")
@click.option(
    "--from-keeps",
    "keeps",
    type=KEEPS,
    default="none",
    show_default=True,
    help="What the site where it was keeps: nothing, its transfers, or a read-only copy.",
)
@click.option("--force", is_flag=True, help="Move it though something is queued or waits.")
@click.option("--dry-run", "dry", is_flag=True, help="Only say what would happen.")
def move(
    code: str,
    home_told: Path | None,
    as_json: bool,
    to: int,
    keeps: str,
    force: bool,
    dry: bool,
) -> None:
    """Move a store to another site, which is sent the whole store.

    It is safe when the site where it was has pushed all, both sites have fetched all, and nothing
    waits; else --force moves it and says what may be lost. What the old site still pushes for the
    store is set aside as store_inactive_here, never thrown away.
    """
    from pipelines.admin import move as moves

    told = moves.move(homes.find(home_told), code, to, keeps, force, dry)
    if as_json:
        print_json(told.told())
        return
    way = f"from site {told.from_site} to site {to}" if told.from_site else f"to site {to}"
    if told.moved:
        click.echo(f"Store {told.store} moves {way}. {NEXT}")
    elif told.allowed:
        click.echo(f"Store {told.store} can move {way}: nothing is queued or waits.")
    else:
        click.echo(f"Store {told.store} can move {way} with --force only.")
    if told.from_site:
        click.echo(f"Site {told.from_site} keeps: {keeps}.")
    for loss in told.losses:
        click.echo(f"  {loss}")
