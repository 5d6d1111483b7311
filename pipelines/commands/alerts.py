"""The command that shows what needs somebody."""

from dataclasses import asdict
from pathlib import Path

import click

from pipelines import home as homes
from pipelines.commands.options import HOME, JSON, print_json


@click.command()
@HOME
@JSON
@click.option("--send", is_flag=True, help="Tell whoever is to know of what is new or has changed.")
def alerts(home_told: Path | None, as_json: bool, send: bool) -> None:
    """Show what needs somebody: silent sites, long queues, refused lines, transfers that are late,
    vital items that are out, a disk that is short.

    \b
    `mainstem up` tells of each once until it changes. Whom, and when not, is in mainstem.toml:
        [mail]    server, sender, security, user  (the password: $MAINSTEM_MAIL_PASSWORD)
        [alerts]  to, vital, quiet                (other channels, by apprise: $MAINSTEM_ALERT_URLS)
    """
    from pipelines import alerts as told

    home = homes.find(home_told)
    found = told.tell(home) if send else told.standing(home)
    if as_json:
        print_json({"alerts": [asdict(one) for one in found]})
        return
    for one in found:
        click.echo(one.text)
    if send and told.nobody(home.settings()):
        click.echo("Nobody is set to be told: name whom under [alerts] in mainstem.toml.", err=True)
    elif not found:
        click.echo("There is nothing new to tell." if send else "Nothing needs anybody.")
