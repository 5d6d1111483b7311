"""The demo and the benchmarks."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from pipelines import settings
from pipelines.commands.options import HOME, PORT, print_json
from pipelines.errors import MainstemError


@click.command()
@HOME
@click.option("--no-serve", is_flag=True, help="End after the loop; serve nothing.")
@click.option("--dashboard-port", type=PORT, default=8501, show_default=True)
@click.option("--dagster-port", type=PORT, default=3000, show_default=True)
def demo(home_told: Path | None, no_serve: bool, dashboard_port: int, dagster_port: int) -> None:
    """Make a simulated country, run it through the whole loop, serve dashboard and Dagster.

    Nothing in it is real. Ctrl-c stops everything. A second time the country that stands in the
    home is shown. Where a port is taken another one is used, and told.
    """
    from pipelines import demo as demos

    if dashboard_port == dagster_port and not no_serve:
        raise MainstemError(f"Both ports are {dagster_port}: give two different ones.")

    demos.run(settings.home_path(home_told), no_serve, dashboard_port, dagster_port)


@click.group()
def bench() -> None:
    """Measure how fast the hub is on this machine, as ratios in one run."""


def _tell(what: str) -> None:
    click.echo(what, err=True)


def _measured(measure: Callable[[Path], Any]) -> None:
    """Print what is measured in a temporary folder, before that is removed, which takes time."""
    with tempfile.TemporaryDirectory(prefix="mainstem-bench-") as folder:
        print_json(measure(Path(folder)))
        _tell(f"removing {folder}")


@bench.command("ingest")
@click.option("--changes", default=1_000_000, show_default=True, help="Changes in the feed.")
@click.option("--segments", default=200, show_default=True, help="Segments they come in.")
def bench_ingest(changes: int, segments: int) -> None:
    """A whole cycle over a made feed, against DuckDB's bare read_json of the same files."""
    from pipelines import bench as benches

    if changes < segments or segments < 1:
        raise MainstemError("--segments must be 1 or more, and --changes not fewer than them.")
    _measured(lambda folder: benches.ingest(folder, changes, segments))


@bench.command("cycle")
@click.option("--records", default=10_000_000, show_default=True, help="Records stored before.")
@click.option("--sites", default=40_000, show_default=True, help="Sites that push.")
@click.option("--changes", default=80_000, show_default=True, help="Changes they push in a cycle.")
def bench_cycle(records: int, sites: int, changes: int) -> None:
    """A cycle into a large warehouse, against the same one into an empty one.

    Filling ten million records takes a good while, and much room in the temporary folder.
    """
    from pipelines import bench as benches

    if sites < 1 or changes < sites or records < sites:
        raise MainstemError(
            "--sites must be 1 or more, and --changes and --records not fewer than them."
        )
    _measured(lambda folder: benches.cycle(folder, records, sites, changes, tell=_tell))


@bench.command("refused")
@click.option("--changes", default=700_000, show_default=True, help="Changes in the feed.")
@click.option("--lines", default=20_000, show_default=True, help="How many of them are refused.")
def bench_refused(changes: int, lines: int) -> None:
    """A cycle with refused lines, against the same one without any."""
    from pipelines import bench as benches

    if lines < 1 or changes < 10 * lines or changes < 1000:
        raise MainstemError("--lines must be 1 or more, and --changes 1,000 and ten times as many.")
    _measured(lambda folder: benches.refused(folder, changes, lines))


@bench.command("initialise")
@click.option("--records", default=1_000_000, show_default=True, help="Records the site gets.")
def bench_initialise(records: int) -> None:
    """How fast the queue of a site that has a copy of every store is built anew."""
    from pipelines import bench as benches

    if records < 1000:
        raise MainstemError("--records must be 1,000 or more.")
    _measured(lambda folder: benches.initialise(folder, records))


@bench.command("gateway")
@click.option("--sites", default=40_000, show_default=True, help="Sites that call.")
@click.option("--rate", default=930, show_default=True, help="Calls a second.")
@click.option("--seconds", default=30, show_default=True, help="For so long.")
def bench_gateway(sites: int, rate: int, seconds: int) -> None:
    """Idle cycles of many sites and then pushes, from a second process: how long an answer takes.

    40,000 sites that sync every five minutes make 930 calls a second.
    """
    from pipelines import bench as benches

    if sites < 100 or rate < 10 or seconds < 1:
        raise MainstemError("--sites must be 100 or more, --rate 10 or more, --seconds 1 or more.")
    _measured(lambda folder: benches.gateway(folder, sites, rate, seconds))


@bench.command("transfer")
@click.option("--records", default=100_000, show_default=True, help="Records stored before.")
@click.option("--times", default=10, show_default=True, help="Shipments, one after the other.")
def bench_transfer(records: int, times: int) -> None:
    """From a site's push to its shipment being in the other site's queue, with the loop on."""
    from pipelines import bench as benches

    if records < 1000 or times < 1:
        raise MainstemError("--records must be 1,000 or more, and --times 1 or more.")
    _measured(lambda folder: benches.transfer(folder, records, times))


@bench.command("country")
@click.option("--sites", default=200, show_default=True, help="Remote sites.")
@click.option("--rounds", default=8, show_default=True, help="Of five days each.")
@click.option("--seed", default=1, show_default=True, help="What the country follows from.")
def bench_country(sites: int, rounds: int, seed: int) -> None:
    """Sites trade over HTTP while answers are lost and gateways killed: all must end equal."""
    from pipelines import bench as benches
    from pipelines.simulation.places import MOST_SITES

    if not 30 <= sites <= MOST_SITES or rounds < 1:
        raise MainstemError(f"--sites must be 30 to {MOST_SITES}, and --rounds 1 or more.")
    _measured(lambda folder: benches.country(folder, sites, rounds, seed, tell=_tell))
