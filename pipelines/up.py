"""`mainstem up`: gateway, sync loop, dashboard and Dagster's page in one command."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import click

from pipelines import dagster_home, servers, tls
from pipelines.errors import MainstemError
from pipelines.home import Home
from pipelines.servers import Server

LOOPBACK = ("127.0.0.1", "::1", "localhost")
_ENDS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass(frozen=True)
class Wanted:
    """What to run, and where it answers; a port of None: not at all.

    `host` is the gateway's: dashboard and Dagster's page ask nobody who he is, so they answer on
    this machine only.
    """

    host: str
    gateway: int | None
    dashboard: int | None
    dagster: int | None
    loop: bool
    url: str | None = None
    test_api: bool = False
    tls: tuple[Path, Path] | None = None  # certificate and key of the gateway


def run(home: Home, wanted: Wanted) -> None:
    """Run what is wanted until it is told to end; MainstemError when something ends by itself."""
    if wanted.test_api and wanted.host not in LOOPBACK:
        raise MainstemError(
            f"The test interface lets anybody change data: it is not served on {wanted.host}. "
            "Leave out --test-api, or serve on 127.0.0.1."
        )
    if wanted.tls:
        tls.check(*wanted.tls)
    if home.settings().reports:
        from pipelines import scheduled  # which imports Dagster

        scheduled.check(home.settings())
        if wanted.dagster is None:
            raise MainstemError("Scheduled reports are sent by Dagster. Leave out --no-dagster.")
    hosts = (wanted.host, "127.0.0.1", "127.0.0.1")
    ports = (wanted.gateway, wanted.dashboard, wanted.dagster)
    wanted_ports = [port for port in ports if port is not None]
    if len(set(wanted_ports)) < len(wanted_ports):
        raise MainstemError("Two servers have the same port: give them different ones.")
    for port, host in zip(ports, hosts, strict=True):
        if port is not None and servers.free_port(port, host) != port:
            raise MainstemError(f"Port {port} is taken: give another one, see --help.")
    serve(home, children(home, wanted))


def children(home: Home, wanted: Wanted) -> list[Server]:
    """The servers of a home, in the order in which they start."""
    told: list[Server] = []
    if wanted.gateway is not None:
        told.append(gateway(home, wanted, wanted.gateway))
    if wanted.loop:
        command = [sys.executable, "-m", "pipelines.loop"]
        told.append(Server("loop", command, _environment(home)))
    if wanted.dashboard is not None:
        told.append(dashboard(home, wanted.dashboard, dagster_port=wanted.dagster))
    if wanted.dagster is not None:
        told += dagster(home, wanted.dagster, loop=wanted.loop)
    return told


def gateway(home: Home, wanted: Wanted, port: int) -> Server:
    """The server that sites connect to."""
    command = [sys.executable, "-m", "pipelines.gateway", "--host", wanted.host]
    command += ["--port", str(port)] + (["--url", wanted.url] if wanted.url else [])
    command += ["--test-api"] if wanted.test_api else []
    if wanted.tls:
        certificate, key = (str(path.absolute()) for path in wanted.tls)
        command += ["--tls-cert", certificate, "--tls-key", key]
    speaks_tls = wanted.tls is not None
    return Server("gateway", command, _environment(home), port, "/health", wanted.host, speaks_tls)


def dashboard(
    home: Home, port: int, signed_in_as: str | None = None, dagster_port: int | None = None
) -> Server:
    """The server of the dashboard, where people sign in, or all have a role without doing so.

    It leads to Dagster's page on a port, unless the environment says another address.
    """
    from dashboard import serve as page

    command, environment = page.command(home.path, port), page.environment(home.path, signed_in_as)
    if dagster_port is not None:
        environment.setdefault("MAINSTEM_DAGSTER_URL", f"http://127.0.0.1:{dagster_port}")
    return Server("dashboard", command, environment, port, "/_stcore/health")


def dagster(home: Home, port: int, loop: bool = False) -> list[Server]:
    """The server of Dagster's page and, unless a loop runs the cycles, the daemon.

    Besides cycles the daemon sends the reports that are scheduled, so with any there is one.
    """
    command, added = dagster_home.dagster_command(home, port, "127.0.0.1")
    more = {"MAINSTEM_LOOP": "1"} if loop else {}
    told = [Server("dagster", command, {**os.environ, **added, **more}, port, "/server_info")]
    if not loop or home.settings().reports:
        command, added = dagster_home.daemon_command(home)
        told.append(Server("daemon", command, {**os.environ, **added, **more}))
    return told


def serve(home: Home, told: list[Server]) -> None:
    """Run servers, say where each answers, and end all at ctrl-c, SIGTERM or the terminal's end."""
    for number in _ENDS:
        signal.signal(number, _stop)
    try:
        with servers.running(told, home.path / "logs") as running:
            _watch(told, running)
    except KeyboardInterrupt:
        return
    raise MainstemError(f"A server has ended by itself; see {home.path / 'logs'}.")


def _watch(told: list[Server], running: list[subprocess.Popen[bytes]]) -> None:
    """Say where servers answer, then wait until one of them has ended."""
    try:
        for server in told:
            if server.port is not None:
                click.echo(f"{server.name:<10} {server.address}")
        click.echo("Ctrl-c stops everything.")
        while all(child.poll() is None for child in running):
            time.sleep(0.5)
    except KeyboardInterrupt:
        click.echo("Stopping.")
        raise


def _environment(home: Home) -> dict[str, str]:
    return {**os.environ, "MAINSTEM_HOME": str(home.path.absolute())}


def _stop(_number: int, _frame: FrameType | None) -> None:
    """Told to end once, a second time changes nothing: every server has to be ended."""
    for number in _ENDS:
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt
