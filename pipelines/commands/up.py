"""The command that serves a hub."""

from pathlib import Path

import click

from pipelines import home as homes
from pipelines import up as ups
from pipelines.commands.options import HOME, PORT

FILE = click.Path(path_type=Path, dir_okay=False)


@click.command()
@HOME
@click.option("--host", default="127.0.0.1", show_default=True, help="The gateway's address.")
@click.option("--gateway-port", type=PORT, default=8080, show_default=True)
@click.option("--dashboard-port", type=PORT, default=8501, show_default=True)
@click.option("--dagster-port", type=PORT, default=3000, show_default=True)
@click.option("--no-gateway", is_flag=True, help="Without what sites connect to.")
@click.option("--no-loop", is_flag=True, help="Without the loop: Dagster's daemon runs the cycles.")
@click.option("--no-dashboard", is_flag=True, help="Without the dashboard.")
@click.option("--no-dagster", is_flag=True, help="Without Dagster's page.")
@click.option("--public-url", help="Where sites find the gateway, if they are behind a proxy.")
@click.option("--tls-cert", type=FILE, help="The gateway's certificate (PEM): it speaks TLS.")
@click.option("--tls-key", type=FILE, help="The certificate's key (PEM).")
@click.option("--test-api", is_flag=True, help="Let tests make sites and records; loopback only.")
def up(
    home_told: Path | None,
    host: str,
    gateway_port: int,
    dashboard_port: int,
    dagster_port: int,
    no_gateway: bool,
    no_loop: bool,
    no_dashboard: bool,
    no_dagster: bool,
    public_url: str | None,
    tls_cert: Path | None,
    tls_key: Path | None,
    test_api: bool,
) -> None:
    """Serve the hub: the gateway for sites, the sync loop, the dashboard, Dagster's page.

    The loop runs a cycle as soon as a site has pushed or something is asked for, and every minute.
    Ctrl-c or SIGTERM stops everything; what was acknowledged is kept. Dashboard and Dagster's page
    answer on this machine only, whatever the --host: they ask nobody for a password yet.

    \b
    A site connects with the gateway's address, its name and its password:
        mainstem site add --id 101 --name Kamakuie --kind open_msupply
        mainstem up --host 0.0.0.0
    """
    if (tls_cert is None) != (tls_key is None):
        raise click.UsageError("--tls-cert and --tls-key go together")
    wanted = ups.Wanted(
        host,
        None if no_gateway else gateway_port,
        None if no_dashboard else dashboard_port,
        None if no_dagster else dagster_port,
        not no_loop,
        public_url,
        test_api,
        (tls_cert, tls_key) if tls_cert and tls_key else None,
    )
    ups.run(homes.find(home_told), wanted)
