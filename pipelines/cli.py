"""The root of the commands; errors are one or two plain sentences, never a traceback."""

import sys
from typing import NoReturn

import click

from pipelines import settings
from pipelines.commands import (
    ack,
    alerts,
    backup,
    card,
    demo,
    hub,
    keep,
    name,
    quarantine,
    report,
    site,
    site_user,
    store,
    up,
    user,
    why,
)
from pipelines.errors import MainstemError


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="mainstem", message="mainstem %(version)s")
def cli() -> None:
    """Mainstem: the central sync hub and reporting warehouse for health-commodity stores.

    Sites' change feeds wait in HOME/inbox/<site>/; `mainstem sync` takes them in, decides, queues
    for each site what it should get (HOME/outbox/<site>/) and publishes the reports.

    \b
    Begin with:  mainstem demo            a simulated country, with dashboard
    For real:    mainstem init; mainstem up; mainstem report stock-on-hand
    """


for command in (
    hub.init,
    hub.sync,
    hub.status,
    hub.pause,
    hub.resume,
    report.report,
    card.card,
    alerts.alerts,
    site.site,
    site_user.site_user,
    user.user,
    store.store,
    name.name,
    ack.ack,
    quarantine.quarantine,
    why.why,
    keep.rebuild,
    keep.verify,
    backup.backup,
    backup.restore,
    up.up,
    demo.demo,
    demo.bench,
):
    cli.add_command(command)


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
        said = error.format_message().rstrip(".")
        end = "" if said.endswith("?") else "."
        click.echo(f"{said}{end} See '{command} --help'.", err=True)
        sys.exit(2)
    except (KeyboardInterrupt, click.Abort):
        _stopped()
    except OSError as error:
        click.echo(
            f"{error.strerror or error}: {error.filename or ''}".rstrip(": ") + ".", err=True
        )
        sys.exit(1)
    except Exception as error:  # a fault of ours; MAINSTEM_TRACEBACK shows where
        if _is_interrupt(error):
            _stopped()
        if settings.wants_traceback():
            raise
        why = (str(error).strip().splitlines() or ["no reason given"])[0].rstrip(".")
        click.echo(
            f"Mainstem failed: {type(error).__name__}: {why[:300]}. If it fails again, set "
            "MAINSTEM_TRACEBACK=1 and report what it says.",
            err=True,
        )
        sys.exit(1)


def _is_interrupt(error: BaseException | None) -> bool:
    """Whether ctrl-c is behind an error, as it is where DuckDB was at a query."""
    if error is None:
        return False
    names = ("KeyboardInterrupt", "DagsterExecutionInterruptedError")
    return type(error).__name__ in names or _is_interrupt(error.__cause__)


def _stopped() -> NoReturn:
    click.echo("Stopped. Nothing is lost: 'mainstem sync' goes on where it was.", err=True)
    sys.exit(130)
