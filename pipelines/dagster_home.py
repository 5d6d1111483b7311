"""The folder that Dagster keeps its history in ($DAGSTER_HOME), and the commands that show it."""

import os
import sys
import time
from typing import TYPE_CHECKING

from pipelines import quiet
from pipelines.home import Home

if TYPE_CHECKING:
    from dagster import DagsterInstance

KEEP = 500  # runs that are kept
AT_ONCE = 20  # runs dropped after one run at most, so that none waits long
DEAD = 120.0  # seconds after which a run that has not ended is dead, if another holds the home

# A pool's limit is kept by the run queue (granularity: run), not by slots that a killed process
# would hold for ever. Our own log of events is one open file: see pipelines.event_log.
YAML = """\
# Written by Mainstem; changes stay.
telemetry: {enabled: false}
nux: {enabled: false}

event_log_storage:
  module: pipelines.event_log
  class: EventLog
  config: {base_dir: {env: DAGSTER_HOME}}
run_storage:
  module: dagster._core.storage.runs
  class: SqliteRunStorage
  config: {base_dir: {env: DAGSTER_HOME}}
schedule_storage:
  module: dagster._core.storage.schedules
  class: SqliteScheduleStorage
  config: {base_dir: {env: DAGSTER_HOME}}
compute_logs:
  module: dagster._core.storage.noop_compute_log_manager
  class: NoOpComputeLogManager

run_coordinator:
  module: dagster._core.run_coordinator
  class: QueuedRunCoordinator
concurrency:
  runs: {max_concurrent_runs: 1}
  pools: {granularity: run, default_limit: 1}
run_monitoring: {enabled: true, max_runtime_seconds: 21600}
retention:
  sensor: {purge_after_days: {skipped: 1, failure: 30, success: 30}}
  schedule: {purge_after_days: {skipped: 1, failure: 30, success: 30}}
"""


def write(home: Home) -> None:
    """Write dagster.yaml where there is none."""
    home.dagster.mkdir(parents=True, exist_ok=True)
    path = home.dagster / "dagster.yaml"
    if not path.exists():
        part = path.with_name(".dagster.yaml.part")
        part.write_text(YAML, encoding="utf-8")
        part.rename(path)


def instance(home: Home) -> "DagsterInstance":
    """The instance that keeps this home's runs; a context manager that closes it."""
    import dagster as dg

    write(home)
    folder = str(home.dagster.absolute())
    os.environ["DAGSTER_HOME"] = folder  # dagster.yaml names it so, that a home can be moved
    return dg.DagsterInstance.from_config(folder)


def bury(instance: "DagsterInstance") -> None:
    """End the runs of processes that were killed; the caller holds the home, so none is at work.

    A younger run may still wait for the home, or be about to say that it has ended.
    """
    import dagster as dg

    started = dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTED])
    for record in instance.get_run_records(started):
        started_at = record.start_time
        if started_at is not None and time.time() - started_at > DEAD:
            instance.report_run_failed(record.dagster_run, "The process of this run has died.")


def prune(instance: "DagsterInstance", keep: int = KEEP) -> int:
    """Drop the oldest runs beyond those kept, a few at a time; how many."""
    too_many = min(instance.get_runs_count() - keep, AT_ONCE)
    if too_many <= 0:
        return 0
    runs = instance.get_run_records(limit=too_many, ascending=True)
    for record in runs:
        instance.delete_run(record.dagster_run.run_id)
    return len(runs)


def dagster_command(
    home: Home, port: int, host: str = "127.0.0.1"
) -> tuple[list[str], dict[str, str]]:
    """The command that serves Dagster's page, and what it needs added to the environment."""
    options = ["-h", host, "-p", str(port), "--dagster-log-level", "warning"]
    return _command(home, "dagster_webserver", *options)


def daemon_command(home: Home) -> tuple[list[str], dict[str, str]]:
    """The same for the daemon, which runs what the page launches, the sensor and the schedule."""
    return _command(home, "dagster._daemon", "run", "--log-level", "warning")


def _command(home: Home, module: str, *options: str) -> tuple[list[str], dict[str, str]]:
    write(home)
    command = [
        sys.executable, "-m", module, *options, "-m", "pipelines.definitions",
        "--code-server-log-level", "warning",
    ]  # fmt: skip
    return command, {
        **quiet.OFF,
        "DAGSTER_HOME": str(home.dagster.absolute()),
        "MAINSTEM_HOME": str(home.path.absolute()),
    }
