"""The demo: a simulated country through the whole loop, then dashboard and Dagster's page."""

from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path
from typing import Any

import click

from pipelines import cycle, runs, servers, settings, up
from pipelines import home as homes
from pipelines.home import Home
from pipelines.simulation.country import Country
from pipelines.simulation.country import fleet as make_fleet
from pipelines.simulation.places import NATIONAL

MARK = ".simulated"  # a file that says a home's country is simulated
SHOWN = 8  # of so many cycles Dagster runs one


def run(path: Path, no_serve: bool, dashboard_port: int, dagster_port: int) -> None:
    """Make the country in a new home, or show the one that stands there; then serve it."""
    home = Home(path)
    if (path / MARK).exists():
        click.echo(f"{path} holds a simulated country already: it is shown as it stands.")
    else:
        home = homes.make(path, primary=NATIONAL)
        (path / MARK).touch()
        play(home, datetime.now(UTC).date())
    click.echo("Simulated data: an invented country, invented sites, invented stock.")
    if not no_serve:
        serve(home, dashboard_port, dagster_port)


def play(home: Home, end: date, country: Country | None = None) -> dict[str, Any]:
    """Play a country in a home, a cycle for each of its rounds; the summaries added up.

    Each cycle's clock is the evening of its round, the last one's is now. Every so often, and at
    last, a cycle is a run of Dagster, so that its page has a history; the others do without.
    """
    keys = "changes accepted superseded duplicate deferred released quarantined made routed"
    told: dict[str, Any] = dict.fromkeys(keys.split(), 0)
    fleet = make_fleet(country or Country(), end)
    rounds = len(fleet.calendar.rounds())
    label = f"A simulated country, {(end - fleet.calendar.start).days + 1} days"
    with (
        settings.other_clock() as set_clock,
        click.progressbar(fleet.play(home), rounds, label=label) as evenings,
    ):
        for at, evening in enumerate(evenings, start=1):
            clock = datetime.combine(evening, time_of_day(18), UTC)
            set_clock(min(clock, datetime.now(UTC) - timedelta(seconds=1)))
            shown = at % SHOWN == 1 or at == rounds
            summary = runs.sync(home) if shown else cycle.run(home)
            for key in told:
                told[key] += summary[key]
    click.echo(
        "{changes} changes: {accepted} accepted, {superseded} superseded, {duplicate} duplicate, "
        "{quarantined} in quarantine, {deferred} deferred, of which {released} accepted later; "
        "{made} made by the hub; {routed} routed to sites.".format(**told)
    )
    return told


def serve(home: Home, dashboard_port: int, dagster_port: int) -> None:
    """Serve the dashboard and Dagster's page until ctrl-c, SIGTERM or the terminal's end."""
    ports = []
    for wanted in (dashboard_port, dagster_port):
        ports.append(servers.free_port(wanted))
        if ports[-1] != wanted:
            click.echo(f"Port {wanted} is taken; {ports[-1]} is used instead.")
    click.echo("The dashboard asks for no password: whoever opens it here is a supervisor.")
    page = up.dashboard(home, ports[0], "supervisor", ports[1])
    up.serve(home, [page, *up.dagster(home, ports[1])])
