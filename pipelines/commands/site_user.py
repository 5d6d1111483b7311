"""The commands for users of sites: who may sign in there, and what they may do."""

from pathlib import Path

import click

from pipelines import home as homes
from pipelines.commands.options import HOME, JSON, NEXT, PERMISSION, print_json, print_rows
from pipelines.commands.site import PASSWORD, password, tell_added


@click.group("site-user")
def site_user() -> None:
    """Add, list and disable users of sites."""


@site_user.command("add")
@click.argument("name")
@HOME
@JSON
@PASSWORD
@click.option("--store", "stores", multiple=True, required=True, metavar="CODE", help="Repeatable.")
@click.option(
    "--permission",
    "permissions",
    multiple=True,
    type=PERMISSION,
    metavar="N",
    help="A permission by its number; repeatable. Default: all but 157 (server administration) "
    "and 202 (central data).",
)
@click.option("--first-name", default="", help="As sites show it.")
@click.option("--last-name", default="", help="As sites show it.")
@click.option("--email", default="", help="As sites show it.")
def add_user(
    name: str,
    home_told: Path | None,
    as_json: bool,
    password_stdin: bool,
    stores: tuple[str, ...],
    permissions: tuple[int, ...],
    first_name: str,
    last_name: str,
    email: str,
) -> None:
    """Let a user sign in at stores; of one that is known, change stores and permissions.

    \b
    mainstem site-user add amina --store KMK --first-name Amina --last-name Bello
    """
    from pipelines.admin import site_users

    home = homes.find(home_told)
    told = permissions or site_users.USUAL
    user = site_users.User(name, stores, told, first_name, last_name, email)
    made = site_users.add(home, user, password(password_stdin, as_json))
    tell_added(as_json, {"user": name}, made, f"User {name} may sign in.")


@site_user.command("list")
@HOME
@JSON
def list_users(home_told: Path | None, as_json: bool) -> None:
    """List the users of sites."""
    from pipelines.admin import site_users

    rows = site_users.listed(homes.find(home_told))
    if as_json:
        print_json({"users": rows})
    else:
        print_rows(rows, "There are no users yet: 'mainstem site-user add'.")


@site_user.command("disable")
@click.argument("name")
@HOME
@click.option("--off", is_flag=True, help="Let the user sign in again.")
def disable_user(name: str, home_told: Path | None, off: bool) -> None:
    """Let a user sign in no longer."""
    from pipelines.admin import site_users

    site_users.set_disabled(homes.find(home_told), name, not off)
    click.echo(f"User {name} may sign in again." if off else f"User {name} is disabled. {NEXT}")
