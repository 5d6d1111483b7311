"""A cycle as a run of Dagster in this process, so that its page shows it."""

import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from pipelines import cycle, dagster_home, quiet, rest
from pipelines.home import Home
from pipelines.hub import Hub

if TYPE_CHECKING:
    from dagster import DagsterInstance, ExecuteInProcessResult

SILENT = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
DEAD = 120.0  # seconds after which a run that has not ended, while we hold the home, is dead
IN_PROCESS = {"mainstem/from": "sync"}


def sync(home: Home, tell: Callable[[str], object] = lambda _: None) -> dict:
    """One cycle, as `pipelines.cycle.run` has it, recorded in the home's Dagster instance.

    The same summary, the same errors. A paused hub makes no run.
    """
    quiet.hush()
    import pipelines.definitions  # noqa: F401  # seconds, spent before the home is held

    with dagster_home.instance(home) as instance:
        return cycle.run(home, tell, partial(_as_run, instance))


def _as_run(instance: "DagsterInstance", hub: Hub, tell: Callable[[str], object]) -> None:
    """Run the stages of the hub's cycle through Dagster; raises what a stage raised."""
    from dagster import DagsterExecutionInterruptedError

    from pipelines.assets import AT_WORK, AtWork
    from pipelines.definitions import IDLE, JOB, defs

    _bury(instance)
    at_work = AtWork(hub, tell)
    idle = not (rest.waiting(hub.home) or cycle.unfinished(hub))
    try:
        result = defs.resolve_job_def(IDLE if idle else JOB).execute_in_process(
            run_config=SILENT,
            instance=instance,
            resources={AT_WORK: at_work},
            raise_on_error=False,
            tags=IN_PROCESS,
        )
    except DagsterExecutionInterruptedError:
        raise KeyboardInterrupt from None
    if not result.success:
        raise at_work.failure or RuntimeError(_why(result))
    dagster_home.prune(instance)


def _bury(instance: "DagsterInstance") -> None:
    """End the runs of processes that were killed: who holds the home works alone.

    A younger run may still wait for the home, or be about to say that it has ended.
    """
    import dagster as dg

    started = dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTED])
    for record in instance.get_run_records(started):
        if record.start_time and time.time() - record.start_time > DEAD:
            instance.report_run_failed(record.dagster_run, "The process of this run has died.")


def _why(result: "ExecuteInProcessResult") -> str:
    """What Dagster itself failed at, where no stage did."""
    errors = [event.step_failure_data.error for event in result.get_step_failure_events()]
    return "Dagster could not run the cycle: " + "; ".join(str(error) for error in errors)
