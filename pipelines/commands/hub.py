"""A home, its cycles, how it stands: init, sync, status, pause, resume."""

from collections.abc import Callable
from pathlib import Path

import click

from pipelines import home as homes
from pipelines import settings
from pipelines.commands.options import HOME, JSON, SITE, print_json


@click.command()
@HOME
@click.option(
    "--central", type=SITE, default=1, show_default=True, help="This hub's own site number."
)
@click.option("--primary", type=SITE, help="The site that edits central data (default: the hub).")
def init(home_told: Path | None, central: int, primary: int | None) -> None:
    """Make a home; an existing one is never overwritten."""
    home = homes.make(settings.home_path(home_told), central, primary)
    click.echo(f"Made {home.path}. Feeds go to {home.inbox}/<site>/; then run 'mainstem sync'.")


@click.command()
@HOME
@JSON
def sync(home_told: Path | None, as_json: bool) -> None:
    """Run one cycle: ingest all waiting segments, decide, route, publish, refresh reports."""
    from pipelines import runs
    from pipelines.admin import words

    home = homes.find(home_told)
    told = runs.sync(home, _quietly if as_json else _stage_line(home))
    if as_json:
        print_json(told)
        return
    if told["paused"]:
        click.echo("The hub is paused: feeds are kept, nothing was ingested. 'mainstem resume'.")
        return
    click.echo(
        "Cycle {cycle}: {changes} changes in {segments} segments; {accepted} accepted, "
        "{deferred} deferred, {quarantined} in quarantine, {superseded} superseded, {duplicate} "
        "duplicate; {released} released; {routed} routed; {seconds} s.".format(**told)
    )
    if told["held_again"]:
        lines = words.counted(told["held_again"], "line", "lines")
        click.echo(f"Of what was to be judged again {lines} stay refused or wait.")
    if told["quarantined"] or told["held_again"]:
        click.echo("See why with 'mainstem quarantine list'.")


def _quietly(_: str) -> None:
    return


def _stage_line(home: homes.Home) -> Callable[[str], None]:
    """Shows what remains while a cycle runs: segments to take in, stages to go."""
    from pipelines import cycle, feed

    told = home.settings()
    waiting = len(feed.waiting(home.inbox, told.central, told.primary))
    names = list(cycle.STAGES)

    def tell(stage: str) -> None:
        rest = len(names) - names.index(stage) if stage in names else 0
        more = f", {waiting} segments" if stage == names[0] else ""
        click.echo(f"  {stage:<10} {rest} of {len(names)} stages remain{more}", err=True)

    return tell


@click.command()
@HOME
@JSON
def status(home_told: Path | None, as_json: bool) -> None:
    """Show how the hub stands: pause, what waits, last cycle, queues, late sites."""
    from pipelines.admin.status import status as stands

    told = stands(homes.find(home_told))
    if as_json:
        print_json(told)
        return
    state = "disabled" if not told["enabled"] else "paused" if told["paused"] else "enabled"
    last = told["last_cycle"]
    lag = told["lag"]
    click.echo(f"Home          {told['home']} ({state})")
    click.echo(f"Waiting       {told['waiting_segments']} segments, {told['requests']} requests")
    click.echo(
        f"Last cycle    {last['cycle']} at {last['clock']}, {last['changes']} changes"
        if last
        else "Last cycle    none yet: run 'mainstem sync'"
    )
    click.echo(f"Quarantine    {told['quarantined']} lines, {told['deferred']} more deferred")
    click.echo(
        f"Sites         {len(lag['late'])} late, {len(lag['alert'])} past the alert limit, "
        f"{len(lag['never'])} never heard of"
    )
    owed = {site: length for site, length in told["queues"].items() if length}
    click.echo(f"Queues        {sum(owed.values())} records for {len(owed)} sites")
    for site, length in sorted(owed.items(), key=lambda pair: -pair[1])[:10]:
        click.echo(f"                site {site}: {length}")
    for name in told["ignored"]:
        click.echo(
            f"Left alone    inbox/{name}: a segment is <site number>/<name>.ndjson (.gz, .zst)"
        )


@click.command()
@HOME
def pause(home_told: Path | None) -> None:
    """Pause the hub: feeds are received and kept, nothing is ingested or published."""
    from pipelines.admin.pause import set_paused

    changed = set_paused(homes.find(home_told), True)
    click.echo("Paused. 'mainstem resume' goes on." if changed else "It was paused already.")


@click.command()
@HOME
def resume(home_told: Path | None) -> None:
    """Resume a paused hub: the next cycle takes all that has come."""
    from pipelines.admin.pause import set_paused

    changed = set_paused(homes.find(home_told), False)
    click.echo("Resumed. Run 'mainstem sync'." if changed else "It was not paused.")
