"""The commands of sites."""

import sys
from pathlib import Path
from typing import Any

import click

from pipelines import home as homes
from pipelines.commands.options import CSV, HOME, JSON, NEXT, SITE, print_json, print_rows
from pipelines.errors import MainstemError

KIND = click.Choice(["desktop", "mobile", "open_msupply"])
TRANSFERS = click.Choice(["central", "site"])
NUMBER = click.argument("number", metavar="N", type=SITE)
PASSWORD = click.option(
    "--password-stdin", is_flag=True, help="Read the password from standard input, one line."
)


@click.group()
def site() -> None:
    """Sites: who may sync, and what each is owed.

    \b
    A new site, with its store:
        mainstem site add --id 101 --name "Kamakuie clinic"
        mainstem store add --code KMK --name "Kamakuie" --site 101
        mainstem sync
    The device then signs in with the site's name and password, or reads HOME/outbox/101/.
    """


@site.command()
@HOME
@JSON
@click.option("--id", "number", type=SITE, help="The site's number; it is never given again.")
@click.option("--name", help="Its name, with which it signs in.")
@click.option("--kind", type=KIND, default="desktop", show_default=True)
@click.option(
    "--transfers",
    type=TRANSFERS,
    help="Who makes the second half of transfers to its stores (default: open mSupply sites "
    "themselves, else the central).",
)
@PASSWORD
@CSV
def add(
    home_told: Path | None,
    as_json: bool,
    number: int | None,
    name: str | None,
    kind: str,
    transfers: str | None,
    password_stdin: bool,
    csv_file: Path | None,
) -> None:
    """Add a site, or all sites of a CSV.

    Without --password-stdin a terminal asks for the password; where nothing is typed, one is made
    and printed once. Only a hash is kept.

    The CSV's first line names its columns: id, name, and as needed kind, transfers, password. A
    site without a password gets one. When a row is bad nothing is added.
    """
    from pipelines.admin import new_sites

    home = homes.find(home_told)
    if csv_file is not None:
        if number is not None or name is not None or password_stdin:
            raise click.UsageError("--csv goes alone: the file has ids, names and passwords")
        added = new_sites.add_all(home, csv_file)
        if as_json:
            print_json({"sites": added})
            return
        made = [row for row in added if row["password"]]
        print_rows(made)
        click.echo(f"{len(added)} sites added. {NEXT}")
        return
    if number is None or name is None:
        raise click.UsageError("--id and --name are needed, or --csv")
    told = password(password_stdin, as_json)
    made = new_sites.add(home, new_sites.Site(number, name, kind, transfers, told))
    tell_added(as_json, {"site": number, "name": name.strip()}, made, f"Site {number} added.")


def tell_added(
    as_json: bool, who: dict[str, Any], made: str | None, sentence: str, then: str = NEXT
) -> None:
    """Say who was added, and the password that was made, if one was: once, here."""
    if as_json:
        print_json({**who, "password": made})
        return
    if made:
        click.echo(f"Password: {made}")
    click.echo(f"{sentence} {then}".rstrip())


def password(from_stdin: bool, quiet: bool) -> str | None:
    """The password told by standard input or a terminal; None where one is to be made."""
    if from_stdin:
        text = sys.stdin.readline().rstrip("\r\n")
        if not text.strip():
            raise MainstemError("Standard input has no password. Write one line to it.")
        return text
    if quiet or not sys.stdin.isatty():
        return None
    text = click.prompt(
        "Password (nothing: one is made)", default="", hide_input=True, show_default=False, err=True
    )
    if text and text != click.prompt("Again", hide_input=True, err=True):
        raise MainstemError("The two passwords differ. Nothing was changed.")
    return text or None


@site.command("password")
@NUMBER
@HOME
@JSON
@PASSWORD
def change_password(
    number: int, home_told: Path | None, as_json: bool, password_stdin: bool
) -> None:
    """Give a site a new password; the old one opens nothing from then on."""
    from pipelines.admin import sites

    home = homes.find(home_told)
    made = sites.set_password(home, number, password(password_stdin, as_json))
    if as_json:
        print_json({"site": number, "password": made})
        return
    click.echo(f"Password: {made}" if made else f"Site {number} has a new password.")


@site.command("list")
@HOME
@JSON
def list_sites(home_told: Path | None, as_json: bool) -> None:
    """List the sites: kind, stores, last contact, how many records each is owed."""
    from pipelines.admin import about_sites

    told = about_sites.listed(homes.find(home_told))
    if as_json:
        print_json({"sites": told})
    else:
        print_rows(told, "There are no sites yet. 'mainstem site add' adds one.")


@site.command()
@NUMBER
@HOME
@JSON
def show(number: int, home_told: Path | None, as_json: bool) -> None:
    """Show a site whole: its stores, copies, device, contacts, and what of it was set aside."""
    from pipelines.admin import about_sites

    told = about_sites.shown(homes.find(home_told), number)
    if as_json:
        print_json(told)
        return
    aside, errors = told.pop("set_aside"), told.pop("errors")
    for key, value in told.items():
        text = ", ".join(map(str, value)) if isinstance(value, list) else value
        click.echo(f"{key:<16} {'-' if text is None or text == '' else text}")
    if aside:
        click.echo("Lines of it that were refused or wait ('mainstem quarantine show ID'):")
        print_rows(aside)
    if errors:
        click.echo("Calls of it that went wrong, newest first:")
        print_rows(errors)


@site.command()
@NUMBER
@HOME
@JSON
def queue(number: int, home_told: Path | None, as_json: bool) -> None:
    """Show what a site is still owed, table by table, the central log apart."""
    from pipelines.admin import about_sites, words

    told = about_sites.queue(homes.find(home_told), number)
    if as_json:
        print_json(told)
        return
    click.echo(f"Site {number} is owed {words.counted(told['queue_length'], 'record', 'records')}.")
    click.echo("Besides, every site reads the central log, the files in outbox/central.")
    print_rows(told["tables"], "")


@site.command()
@NUMBER
@HOME
def disable(number: int, home_told: Path | None) -> None:
    """Disable a site: every call of it and what it sends is refused, nothing more is queued."""
    _set_disabled(number, home_told, True)


@site.command()
@NUMBER
@HOME
def enable(number: int, home_told: Path | None) -> None:
    """Enable a disabled site; initialise it, for it was sent nothing meanwhile."""
    _set_disabled(number, home_told, False)


def _set_disabled(number: int, home_told: Path | None, disabled: bool) -> None:
    from pipelines.admin import sites

    word = "disabled" if disabled else "enabled"
    if not sites.set_disabled(homes.find(home_told), number, disabled):
        click.echo(f"Site {number} is {word} already.")
        return
    more = "" if disabled else f" 'mainstem site initialise {number}' sends what it missed."
    click.echo(f"Site {number} is {word}. {NEXT}{more}")


@site.command()
@NUMBER
@HOME
def remove(number: int, home_told: Path | None) -> None:
    """Remove a site that has no stores; its history stays, its credentials go at once."""
    from pipelines.admin import sites

    waiting = sites.remove(homes.find(home_told), number)
    more = f" Its {waiting} waiting segments will be set aside (unknown_site)." if waiting else ""
    click.echo(f"Site {number} is removed. {NEXT}{more}")


@site.command("reset-hardware")
@NUMBER
@HOME
@JSON
def reset_hardware(number: int, home_told: Path | None, as_json: bool) -> None:
    """Let a site sync from another device: the next one that signs in is bound to it.

    What the old device has not pushed is lost to the hub: look at 'mainstem site show N' first.
    """
    from pipelines.admin import about_sites, sites

    home = homes.find(home_told)
    bound = sites.reset_hardware(home, number)
    if as_json:
        print_json({"site": number, "was": bound})
    elif bound:
        last = about_sites.shown(home, number)["last_contact"] or "never"
        click.echo(f"Site {number} was bound to {bound}; the next device that signs in is its own.")
        click.echo(
            f"It was last in contact: {last}. What it has not pushed since is lost to the hub."
        )
    else:
        click.echo(f"Site {number} is bound to no device.")


@site.command()
@NUMBER
@HOME
def initialise(number: int, home_told: Path | None) -> None:
    """Have a site's queue built anew, with all that it should hold, behind a reset line.

    For a new device or one that lost its data. Nothing that it pushed is lost or doubled.
    """
    from pipelines.admin import sites

    sites.initialise(homes.find(home_told), number)
    click.echo(f"The next cycle builds the queue of site {number} anew: 'mainstem sync'.")
