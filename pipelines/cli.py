"""The commands, a line or two each; errors are one or two plain sentences, never a traceback."""

import json
import sys
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from pipelines import home as homes
from pipelines import settings
from pipelines.errors import MainstemError

HOME = click.option(
    "--home",
    "home_told",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="The home folder (default: $MAINSTEM_HOME, else ./home).",
)
SITE = click.IntRange(1, settings.LAST_SITE)
PORT = click.IntRange(1, 65_535)
LINE = click.IntRange(1, 2**63 - 1)
JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON object, nothing else.")


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="mainstem", message="mainstem %(version)s")
def cli() -> None:
    """Mainstem: the central sync hub and reporting warehouse for health-commodity stores.

    Sites' change feeds wait in HOME/inbox/<site>/; `mainstem sync` takes them in, decides, queues
    for each site what it should get (HOME/outbox/<site>/) and publishes the reports.

    \b
    Begin with:  mainstem demo            a simulated country, with dashboard
    For real:    mainstem init; mainstem sync; mainstem report stock-on-hand
    """


def _print(told: Any) -> None:
    click.echo(json.dumps(told, ensure_ascii=False, default=str))


@cli.command()
@HOME
@click.option(
    "--central", type=SITE, default=1, show_default=True, help="This hub's own site number."
)
@click.option("--primary", type=SITE, help="The site that edits central data (default: the hub).")
def init(home_told: Path | None, central: int, primary: int | None) -> None:
    """Make a home; an existing one is never overwritten."""
    home = homes.make(settings.home_path(home_told), central, primary)
    click.echo(f"Made {home.path}. Feeds go to {home.inbox}/<site>/; then run 'mainstem sync'.")


@cli.command()
@HOME
@JSON
def sync(home_told: Path | None, as_json: bool) -> None:
    """Run one cycle: ingest all waiting segments, decide, route, publish, refresh reports."""
    from pipelines import runs

    home = homes.find(home_told)
    told = runs.sync(home, _quietly if as_json else _stage_line(home))
    if as_json:
        _print(told)
        return
    if told["paused"]:
        click.echo("The hub is paused: feeds are kept, nothing was ingested. 'mainstem resume'.")
        return
    click.echo(
        "Cycle {cycle}: {changes} changes in {segments} segments; {accepted} accepted, "
        "{deferred} deferred, {quarantined} in quarantine, {superseded} superseded, {duplicate} "
        "duplicate; {released} released; {routed} routed; {seconds} s.".format(**told)
    )
    if told["quarantined"]:
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


@cli.command()
@HOME
@JSON
def status(home_told: Path | None, as_json: bool) -> None:
    """Show how the hub stands: pause, what waits, last cycle, queues, late sites."""
    from pipelines.admin.status import status as stands

    told = stands(homes.find(home_told))
    if as_json:
        _print(told)
        return
    state = "disabled" if not told["enabled"] else "paused" if told["paused"] else "running"
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
        click.echo(f"Left alone    inbox/{name} is no segment of a site")


@cli.command()
@HOME
def pause(home_told: Path | None) -> None:
    """Pause the hub: feeds are received and kept, nothing is ingested or published."""
    from pipelines.admin.pause import set_paused

    changed = set_paused(homes.find(home_told), True)
    click.echo("Paused. 'mainstem resume' goes on." if changed else "It was paused already.")


@cli.command()
@HOME
def resume(home_told: Path | None) -> None:
    """Resume a paused hub: the next cycle takes all that has come."""
    from pipelines.admin.pause import set_paused

    changed = set_paused(homes.find(home_told), False)
    click.echo("Resumed. Run 'mainstem sync'." if changed else "It was not paused.")


class _Day(click.ParamType[date]):
    """A day, YYYY-MM-DD."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Read the day; anything else is a usage error."""
        try:
            return datetime.strptime(value, "%Y-%m-%d").date()
        except ValueError:
            self.fail(f"{value!r} is not a day like 2018-06-30", param, ctx)


DAY = _Day()


@cli.command()
@click.argument("name")
@HOME
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "csv", "json", "xlsx", "parquet"]),
    help="Default: by the output file's ending, else a table.",
)
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write to a file instead of the terminal.",
)
@click.option("--as-of", type=DAY, help="Stock at the end of that day, from the ledger.")
@click.option("--from", "start", type=DAY, help="First day of the period.")
@click.option("--to", "end", type=DAY, help="Last day of the period.")
@click.option("--store", "stores", multiple=True, metavar="CODE", help="Only this store; repeat.")
@click.option("--item", "items", multiple=True, metavar="CODE", help="Only this item; repeat.")
@click.option("--region", "regions", multiple=True, metavar="NAME", help="Only this region.")
@click.option("--site", "sites", multiple=True, type=SITE, metavar="N", help="Only this site.")
def report(
    name: str,
    home_told: Path | None,
    form: str | None,
    output: Path | None,
    as_of: date | None,
    start: date | None,
    end: date | None,
    stores: tuple[str, ...],
    items: tuple[str, ...],
    regions: tuple[str, ...],
    sites: tuple[int, ...],
) -> None:
    """Print a report, from the last published copy; it answers while a cycle runs.

    \b
    stock-on-hand   store and item: quantity, value, amc, months of stock, status
    stock-by-batch  stock line with packs: batch, expiry date, location, value
    stock-value     store, and TOTAL: value of stock in the home currency
    stock-history   month and store and item: opening, received, issued, adjusted, closing
    consumption     month and store and item: what customer invoices took
    sync            remote site: last contact, data age, queue, status
    records         table: records, deleted; with --site what that site is owed
    """
    from pipelines import output as outputs
    from warehouse import report as reports

    filters = reports.Filters(stores, items, regions, sites, start, end, as_of)
    frame = reports.read(homes.find(home_told).reports, name, filters)
    outputs.write(frame, name, form, output)


@cli.group()
def quarantine() -> None:
    """Show what was refused or waits, and why; ask for it to be judged again."""


@quarantine.command("list")
@HOME
@JSON
@click.option("--deferred", is_flag=True, help="The lines that wait for a record, instead.")
@click.option("--site", type=SITE, help="Only this site.")
@click.option("--reason", help="Only this reason, such as not_owner.")
def quarantine_list(
    home_told: Path | None, as_json: bool, deferred: bool, site: int | None, reason: str | None
) -> None:
    """List the lines in quarantine, oldest first."""
    from pipelines.admin import quarantine as held

    lines = held.listed(homes.find(home_told), deferred, site, reason)
    if as_json:
        _print({"quarantine": lines})
        return
    if not lines:
        click.echo("Nothing is deferred." if deferred else "Nothing is in quarantine.")
    for line in lines:
        click.echo(
            "{id}  site {site}  {segment}:{line}  {table} {record}  {reason}  {detail}".format(
                **{key: "-" if value is None else value for key, value in line.items()}
            )
        )


@quarantine.command("show")
@click.argument("number", metavar="ID", type=LINE)
@HOME
@JSON
def quarantine_show(number: int, home_told: Path | None, as_json: bool) -> None:
    """Show one line whole: where it came from, why it is held, its text."""
    from pipelines.admin import quarantine as held

    line = held.shown(homes.find(home_told), number)
    if as_json:
        _print(line)
        return
    for key, value in line.items():
        click.echo(f"{key:<12} {value}")


@quarantine.command("retry")
@click.argument("numbers", metavar="[ID …]", type=LINE, nargs=-1)
@HOME
@JSON
def quarantine_retry(numbers: tuple[int, ...], home_told: Path | None, as_json: bool) -> None:
    """Ask the next cycle to judge lines again; without an ID all in quarantine."""
    from pipelines.admin import quarantine as held

    asked = held.retry(homes.find(home_told), list(numbers))
    if as_json:
        _print({"asked": asked})
    else:
        click.echo(f"{asked} lines will be judged again by the next cycle: 'mainstem sync'.")


@quarantine.command("export")
@HOME
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write to a file instead of the terminal.",
)
def quarantine_export(home_told: Path | None, output: Path | None) -> None:
    """Write every line held, with its text, as one JSON object a line."""
    from pipelines import output as outputs
    from pipelines.admin import quarantine as held

    lines = "".join(
        json.dumps(line, ensure_ascii=False) + "\n" for line in held.exported(homes.find(home_told))
    )
    outputs.put(lines.encode(), output)


@cli.command()
@HOME
@JSON
def rebuild(home_told: Path | None, as_json: bool) -> None:
    """Rebuild the warehouse, the outbox and the reports from the archive, to the same state."""
    from pipelines.admin.rebuild import rebuild as again

    def tell(done: int, cycles: int) -> None:
        if not as_json:
            click.echo(f"  {done} of {cycles} cycles", err=True)

    cycles = again(homes.find(home_told), tell)
    _print({"cycles": cycles}) if as_json else click.echo(f"Rebuilt from {cycles} cycles.")


@cli.command()
@HOME
@JSON
def verify(home_told: Path | None, as_json: bool) -> None:
    """Check that a home is whole, and say where ledger and stock lines disagree."""
    from pipelines.admin.verify import verify as check

    told = check(homes.find(home_told))
    if as_json:
        _print(told)
    else:
        for problem in told["problems"]:
            click.echo(problem)
        for row in told["ledger_disagreements"]:
            click.echo(
                "store {store_code}, item {item_code}: the ledger says {ledger:g}, "
                "stock lines {stock_lines:g}".format(**row)
            )
        state = "whole" if told["whole"] else "not whole"
        click.echo(f"The home is {state}: {told['cycles']} cycles in the archive.")
    if not told["whole"]:
        raise SystemExit(1)


@cli.command()
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


@cli.group()
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
    _print(benches.ingest(changes, segments))


def main() -> None:
    """Run a command; what a person can mend is said plainly, with exit status 1 or 75."""
    try:
        sys.exit(cli.main(standalone_mode=False))
    except MainstemError as error:
        click.echo(str(error), err=True)
        sys.exit(error.exit_status)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.ctx.get_help() if error.ctx else error.format_message())
        sys.exit(2)
    except click.ClickException as error:
        command = (
            error.ctx.command_path
            if isinstance(error, click.UsageError) and error.ctx
            else "mainstem"
        )
        click.echo(f"{error.format_message().rstrip('.')}. See '{command} --help'.", err=True)
        sys.exit(2)
    except (KeyboardInterrupt, click.Abort):
        click.echo("Stopped. Nothing is lost: 'mainstem sync' goes on where it was.", err=True)
        sys.exit(130)
    except OSError as error:
        click.echo(
            f"{error.strerror or error}: {error.filename or ''}".rstrip(": ") + ".", err=True
        )
        sys.exit(1)
    except Exception as error:  # a fault of ours; MAINSTEM_TRACEBACK shows where
        if settings.wants_traceback():
            raise
        why = (str(error).strip().splitlines() or ["no reason given"])[0].rstrip(".")
        click.echo(
            f"Mainstem failed: {type(error).__name__}: {why[:300]}. If it fails again, set "
            "MAINSTEM_TRACEBACK=1 and report what it says.",
            err=True,
        )
        sys.exit(1)
