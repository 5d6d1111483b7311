"""The hub in flow order, as Dagster runs it: stages, checks, the job of a cycle, what starts it.

The home is $MAINSTEM_HOME.
Under `mainstem up` the loop runs the cycles, so the sensor and the schedule rest.
"""

from collections.abc import Iterator

import dagster as dg

from pipelines import assets, checks, cycle, dagster_home, history, home, rest, scheduled, settings
from pipelines.errors import MainstemError
from pipelines.home import Home

JOB, IDLE = "sync", "idle"
SPARING = {"loggers": {"console": {"config": {"log_level": "ERROR"}}}}
# Sensor and schedule work as soon as Dagster's daemon does, except under `mainstem up`.
STATUS = "STOPPED" if settings.loop_runs_cycles() else "RUNNING"


@dg.resource(description="The warehouse, open for one cycle: one run at a time holds its home.")
def at_work(context: dg.InitResourceContext) -> Iterator[assets.AtWork]:
    """Open the hub once per run, take up the cycle that is left unfinished or begin the next."""
    instance = context.instance
    with cycle.opened(home.find(None)) as hub:
        if hub.settings.paused:
            raise MainstemError("The hub is paused: nothing is ingested. Run 'mainstem resume'.")
        if instance:
            dagster_home.bury(instance)
        cycle.begin(hub)
        if context.run:
            history.keep_run(hub.home, hub.cycle, context.run.run_id)
        yield assets.AtWork(hub)
    if instance:
        dagster_home.prune(instance)


sync = dg.define_asset_job(
    JOB,
    selection=dg.AssetSelection.all(),
    description="One cycle: ingest, judge, route, queue, publish, make the marts, check them.",
    config=SPARING,
)


idle = dg.define_asset_job(
    IDLE,
    selection=dg.AssetSelection.assets(*assets.mains()).without_checks(),
    description="A cycle that finds nothing to take up: the same work, of which less is told.",
    config=SPARING,
)


@dg.sensor(job_name=JOB, minimum_interval_seconds=30, default_status=dg.DefaultSensorStatus[STATUS])
def inbox(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
    """Ask for a cycle when segments or requests wait: once for what waits."""
    here = home.find(None)
    why = rest.why(here)
    if why is not None:
        return dg.SkipReason(why)
    waiting = rest.waiting(here)
    if not waiting:
        return dg.SkipReason("Nothing waits.")
    if waiting.digest == context.cursor:
        return dg.SkipReason("A cycle was asked for what waits; the schedule tries again.")
    if _queued(context.instance):
        return dg.SkipReason("A cycle stands in the queue already; it takes all that waits.")
    return dg.SensorResult(
        run_requests=[dg.RunRequest(run_key=waiting.digest)], cursor=waiting.digest
    )


@dg.schedule(
    job_name=JOB,
    cron_schedule="*/15 * * * *",
    default_status=dg.DefaultScheduleStatus[STATUS],
)
def fallback(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    """Ask for what the sensor does not: a cycle that failed, a hub that was idle for long."""
    here = home.find(None)
    why = rest.why(here)
    if why is not None:
        return dg.SkipReason(why)
    if _queued(context.instance):
        return dg.SkipReason("A cycle stands in the queue already.")
    if rest.waiting(here) or _failed(context.instance) or rest.is_stale(here):
        return dg.RunRequest()
    return dg.SkipReason("Nothing waits and the reports are recent.")


def _queued(instance: dg.DagsterInstance) -> bool:
    queued = dg.RunsFilter(job_name=JOB, statuses=[dg.DagsterRunStatus.QUEUED])
    return instance.get_runs_count(queued) > 0


def _failed(instance: dg.DagsterInstance) -> bool:
    bad = (dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED)
    return any(run.status in bad for run in instance.get_runs(limit=1))


def _scheduled() -> list[dg.ScheduleDefinition]:
    """Schedules of the home's reports; none where there is no home yet."""
    here = Home(settings.home_path(None))
    return scheduled.schedules(here.settings()) if here.toml.is_file() else []


defs = dg.Definitions(
    assets=assets.stages(),
    asset_checks=[checks.quality()],
    jobs=[sync, idle, scheduled.job],
    sensors=[inbox],
    schedules=[fallback, *_scheduled()],
    resources={assets.AT_WORK: at_work},
    executor=dg.in_process_executor,
)
