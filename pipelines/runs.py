"""A cycle as a run of Dagster in this process, so that its page shows it."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from pipelines import cycle, dagster_home, history, quiet, rest
from pipelines.home import Home
from pipelines.hub import Hub

if TYPE_CHECKING:
    from dagster import DagsterInstance

SILENT = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
TAGS = {"mainstem/from": "sync"}


def sync(
    home: Home, tell: Callable[[str], object] = lambda _: None, judged: bool = True
) -> dict[str, Any]:
    """One cycle as `pipelines.cycle.run` has it, recorded in the home's Dagster instance.

    The same summary, the same errors. A paused hub makes no run. Unless `judged` is false the
    suites of quality/ judge, after all is published, what the cycle changed.
    """
    quiet.hush()
    import pipelines.definitions  # noqa: F401  # takes seconds, spent before the home is held

    with dagster_home.instance(home) as instance:
        return cycle.run(home, tell, partial(_as_run, instance, judged))


def _as_run(
    instance: "DagsterInstance", judged: bool, hub: Hub, tell: Callable[[str], object]
) -> None:
    """Run the stages of the hub's cycle through Dagster; raises what a stage raised."""
    from dagster import DagsterExecutionInterruptedError

    from pipelines.assets import AT_WORK, AtWork
    from pipelines.definitions import IDLE, JOB, defs

    dagster_home.bury(instance)
    at_work = AtWork(hub, tell, judged)
    # What comes between here and landing is taken up all the same, and told of less.
    idle = not (rest.waiting(hub.home) or cycle.unfinished(hub))
    result = defs.resolve_job_def(IDLE if idle else JOB).execute_in_process(
        run_config=SILENT,
        instance=instance,
        resources={AT_WORK: at_work},
        raise_on_error=False,
        tags=TAGS,
    )
    history.keep_run(hub.home, hub.cycle, result.run_id)
    errors = [event.step_failure_data.error for event in result.get_step_failure_events()]
    # An interrupt may come between what a stage does and what is told of it.
    if any(
        error and error.cls_name == DagsterExecutionInterruptedError.__name__ for error in errors
    ):
        raise KeyboardInterrupt
    if not result.success:
        # Where no stage failed, Dagster itself did.
        told = "; ".join(map(str, errors))
        raise at_work.failure or RuntimeError(f"Dagster could not run the cycle: {told}")
    dagster_home.prune(instance)
