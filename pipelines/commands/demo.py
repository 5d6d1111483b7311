"""The demo and the benchmarks."""

from pathlib import Path

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

    Nothing in it is real. Ctrl-c stops everything.
    """
    from pipelines import demo as demos

    demos.run(settings.home_path(home_told), no_serve, dashboard_port, dagster_port)


@click.group()
def bench() -> None:
    """Measure how fast the hub is on this machine, as ratios in one run."""


@bench.command("ingest")
@click.option("--changes", default=1_000_000, show_default=True, help="Changes in the feed.")
@click.option("--segments", default=200, show_default=True, help="Segments they come in.")
def bench_ingest(changes: int, segments: int) -> None:
    """A whole cycle over a made feed, against DuckDB's bare read_json of the same files."""
    from pipelines import bench as benches

    if changes < segments or segments < 1:
        raise MainstemError("--segments must be 1 or more, and --changes not fewer than them.")
    print_json(benches.ingest(changes, segments))
