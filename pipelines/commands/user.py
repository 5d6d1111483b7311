"""The commands for users of the dashboard: who may sign in, as what, and what they see."""

from pathlib import Path

import click

from pipelines import home as homes
from pipelines.commands.options import HOME, JSON, print_json, print_rows
from pipelines.commands.site import PASSWORD, password, tell_added
from warehouse.scope import Scope

ROLE = click.Choice(["administrator", "supervisor", "viewer"])
REGION = click.option(
    "--region", "regions", multiple=True, metavar="NAME", help="See its stores; repeatable."
)
DISTRICT = click.option(
    "--district", "districts", multiple=True, metavar="NAME", help="See its stores; repeatable."
)
STORE = click.option(
    "--store", "stores", multiple=True, metavar="CODE", help="See this store; repeatable."
)


@click.group()
def user() -> None:
    """Users of the dashboard: who may sign in, as what, and which stores they see.

    \b
    administrator  sees everything, downloads, has lines judged again
    supervisor     sees what is granted, downloads
    viewer         sees what is granted
    """


@user.command("add")
@click.argument("name")
@HOME
@JSON
@PASSWORD
@click.option("--role", type=ROLE, help="Of a new user, unless told: viewer.")
@click.option(
    "--oidc",
    "identity",
    metavar="WHO",
    help="Sign in by OpenID Connect as this e-mail address, or what [oidc] claim says; "
    "'' no longer.",
)
@REGION
@DISTRICT
@STORE
def add_user(
    name: str,
    home_told: Path | None,
    as_json: bool,
    password_stdin: bool,
    role: str | None,
    identity: str | None,
    regions: tuple[str, ...],
    districts: tuple[str, ...],
    stores: tuple[str, ...],
) -> None:
    """Let a user sign in at the dashboard; one that is known is changed, and signed out.

    Without regions, districts and stores a new user sees the whole country; of one that is known
    what is not told stays as it is. Without --password-stdin a
    terminal asks for the password; where nothing is typed, one is made and printed once. Who signs
    in by OpenID Connect needs none. The first sign-in binds the user to that account of the
    provider; --oidc again lets another be bound.

    \b
    mainstem user add binta --role supervisor --region Tonkpi
    mainstem user add amina --oidc amina@example.org
    """
    from pipelines.admin import users

    home = homes.find(home_told)
    scope = Scope(False, regions, districts, stores) if regions or districts or stores else None
    told = password(password_stdin, as_json) if password_stdin or not identity else None
    made = users.add(home, name, role, scope, told, identity)
    (added,) = (it for it in users.listed(home) if it["user"].lower() == name.strip().lower())
    sentence = f"User {added['user']}, {added['role']}, sees {added['granted']}"
    sentence += " once it is enabled." if added["state"] else "."
    tell_added(as_json, {"user": name, "role": added["role"]}, made, sentence, "")


@user.command("list")
@HOME
@JSON
def list_users(home_told: Path | None, as_json: bool) -> None:
    """List the users of the dashboard, and what each is granted."""
    from pipelines.admin import users

    rows = users.listed(homes.find(home_told))
    if as_json:
        print_json({"users": rows})
    else:
        print_rows(rows, "There are no users yet: 'mainstem user add'.")


@user.command("grant")
@click.argument("name")
@HOME
@REGION
@DISTRICT
@STORE
@click.option("--everything", is_flag=True, help="See the whole country.")
def grant_user(
    name: str,
    home_told: Path | None,
    regions: tuple[str, ...],
    districts: tuple[str, ...],
    stores: tuple[str, ...],
    everything: bool,
) -> None:
    """Let a user see more, at once."""
    from pipelines.admin import users

    if everything == bool(regions or districts or stores):
        raise click.UsageError("--region, --district or --store is needed, or --everything")
    scope = Scope(everything, regions, districts, stores)
    now = users.grant(homes.find(home_told), name, scope)
    click.echo(f"User {name} sees {users.words_of(now)}.")


@user.command("disable")
@click.argument("name")
@HOME
@click.option("--off", is_flag=True, help="Let the user sign in again.")
def disable_user(name: str, home_told: Path | None, off: bool) -> None:
    """Let a user sign in no longer, and end its sessions."""
    from pipelines.admin import users

    users.set_disabled(homes.find(home_told), name, not off)
    click.echo(f"User {name} may sign in again." if off else f"User {name} is disabled.")


@user.command("trail")
@HOME
@JSON
@click.option("--user", "name", metavar="NAME", help="Of this user only.")
@click.option("--last", default=100, show_default=True, type=click.IntRange(1), metavar="N")
def trail(home_told: Path | None, as_json: bool, name: str | None, last: int) -> None:
    """Show what users did: sign-ins and refusals, downloads, lines judged again; newest first."""
    from pipelines.admin import sessions

    rows = sessions.trail(homes.find(home_told), name, last)
    if as_json:
        print_json({"trail": rows})
    else:
        print_rows(rows, "Nobody has done anything yet.")
