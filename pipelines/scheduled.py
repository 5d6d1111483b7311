"""Reports that go out by mail at set times: each a [[reports]] of mainstem.toml, and a schedule."""

import dagster as dg

from pipelines import home as homes
from pipelines import posted
from pipelines.errors import MainstemError
from pipelines.settings import Scheduled, Settings
from warehouse import report
from warehouse.filters import Filters

JOB = "send_report"


def filters(told: Scheduled) -> Filters:
    """What a scheduled report is narrowed to."""
    return Filters(
        stores=told.store,
        items=told.item,
        regions=told.region,
        districts=told.district,
        levels=told.level,
        categories=told.category,
        programmes=told.programme,
        within=told.within,
    )


def check(told: Settings) -> None:
    """MainstemError for a scheduled report that could not be sent."""
    for one in told.reports:
        report.query(one.name, filters(one))
    if told.reports and not (told.mail_server and told.mail_sender):
        raise MainstemError(
            "mainstem.toml has reports to send, but no mail server. Under [mail], set server and "
            "sender."
        )


@dg.op(config_schema={"place": int}, description="Works out a report and sends it by mail.")
def send(context: dg.OpExecutionContext) -> None:
    """Send the scheduled report that stands at a place of mainstem.toml."""
    home = homes.find(None)
    told = home.settings()
    one = told.reports[context.op_config["place"]]
    rows = posted.send(home, one.name, filters(one), one.to, one.format)
    context.add_output_metadata({"rows": rows, "sent_to": ", ".join(one.to)})


@dg.job(name=JOB, description="Sends one of the reports that mainstem.toml schedules.")
def job() -> None:
    """Send a report."""
    send()


def schedules(told: Settings) -> list[dg.ScheduleDefinition]:
    """A schedule for each, in the home's time zone."""
    return [
        dg.ScheduleDefinition(
            name=f"{place:02d}_{one.name.replace('-', '_')}",
            job=job,
            cron_schedule=one.cron,
            execution_timezone=told.timezone,
            run_config={"ops": {"send": {"config": {"place": place}}}},
            default_status=dg.DefaultScheduleStatus.RUNNING,
            description=f"Sends {one.name} to {', '.join(one.to)}.",
        )
        for place, one in enumerate(told.reports)
    ]
