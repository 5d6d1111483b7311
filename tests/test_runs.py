"""A cycle as a run of Dagster: the same as without, seen, quiet, and finished after a failure."""

import os
import shutil
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
import tiny

from pipelines import assets, cycle, dagster_home, event_log, home, runs
from pipelines.errors import CycleRunningError, MainstemError
from pipelines.home import Home
from pipelines.hub import Hub
from pipelines.sql import CheckError


@pytest.fixture
def here(tmp_path: Path) -> Home:
    return tiny.make(tmp_path / "home")


def recorded(at: Home) -> list[dg.DagsterRun]:
    """The runs of a home, newest first."""
    with dagster_home.instance(at) as instance:
        return list(instance.get_runs())


def figures(at: Home, table: str) -> dict[str, Any]:
    """The metadata of a table's newest materialization."""
    with dagster_home.instance(at) as instance:
        event = instance.get_latest_materialization_event(dg.AssetKey(table.split(".")))
        told = event.asset_materialization if event else None
        return {name: value.value for name, value in told.metadata.items()} if told else {}


def without_time(summary: dict[str, Any]) -> dict[str, Any]:
    told = {name: value for name, value in summary.items() if name != "seconds"}
    return told | {"stages": list(summary["stages"])}


def test_a_run_has_the_summary_of_a_cycle_and_is_listed(
    here: Home, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(here.path, tmp_path / "plain")
    heard: list[str] = []
    summary = runs.sync(here, heard.append)
    assert without_time(summary) == without_time(cycle.run(Home(tmp_path / "plain")))
    assert heard == list(cycle.STAGES)
    assert summary["accepted"] == 9
    assert summary["seconds"] == pytest.approx(sum(summary["stages"].values()), abs=0.001)
    (run,) = recorded(here)
    assert (run.job_name, run.status) == ("sync", dg.DagsterRunStatus.SUCCESS)
    change = figures(here, "landing.change")
    assert (change["changes"], change["dagster/row_count"]) == (9, 9)
    assert change["seconds"] == summary["stages"]["landing"]
    assert figures(here, "marts.stock_line") == {"dagster/row_count": 1}
    assert capfd.readouterr() == ("", "")


def checked(at: Home) -> dict[str, tuple[bool, dg.AssetCheckSeverity]]:
    """The checks of the newest run."""
    with dagster_home.instance(at) as instance:
        (run,) = instance.get_runs(limit=1)
        found = {}
        for entry in instance.all_logs(run.run_id, dg.DagsterEventType.ASSET_CHECK_EVALUATION):
            told = entry.get_dagster_event().asset_check_evaluation_data
            found[f"{'.'.join(told.asset_key.path)} {told.check_name}"] = (
                told.passed,
                told.severity,
            )
        return found


def test_a_run_tells_the_checks_of_what_changed(here: Home) -> None:
    runs.sync(here)
    passed = checked(here)
    assert all(ok for ok, _ in passed.values())
    assert "marts.movement key" in passed
    assert "marts.stock_line stock" in passed
    assert "marts.ledger ledger" in passed
    tiny.send(here, 101, "000002", [tiny.stock_line(quantity=-5, available=-5)])
    assert runs.sync(here)["accepted"] == 1
    failed = {name: severity for name, (ok, severity) in checked(here).items() if not ok}
    assert failed == dict.fromkeys(
        ("marts.stock_line stock", "marts.ledger ledger"), dg.AssetCheckSeverity.WARN
    )
    assert "records.trans_line trans_line" not in checked(here)
    assert recorded(here)[0].status == dg.DagsterRunStatus.SUCCESS


def test_a_run_that_is_not_to_be_judged_is_not(here: Home) -> None:
    runs.sync(here, judged=False)
    assert "marts.movement key" in checked(here)
    assert "marts.stock_line stock" not in checked(here)


PROGRAM = """
import sys
from functools import partial
from pathlib import Path
from pipelines import runs
from pipelines.home import Home
here = Home(Path(sys.argv[1]))
for late in ("dagster", "great_expectations"):
    assert late not in sys.modules
idle = runs.sync(here)
print(idle["changes"], "great_expectations" in sys.modules)
(here.path / "later.ndjson").rename(here.inbox / "101" / "000002.ndjson")
changed = runs.sync(here)
print(changed["changes"], "great_expectations" in sys.modules)
"""


def test_only_a_cycle_with_changes_imports_great_expectations(here: Home) -> None:
    cycle.run(here)
    later = tiny.send(here, 101, "000002", [tiny.stock_line(quantity=9)])
    later.rename(here.path / "later.ndjson")
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(here.path)],
        capture_output=True, check=False, text=True,
    )  # fmt: skip
    assert (done.stdout, done.stderr) == ("0 False\n1 True\n", "")
    assert [run.job_name for run in recorded(here)] == ["sync", "idle"]


def test_a_failed_stage_is_a_plain_error_and_the_next_sync_finishes_the_cycle(
    here: Home, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(assets, "WAIT", 0.0)
    here.archive.rmdir()
    here.archive.write_text("in the way", encoding="utf-8")
    heard: list[str] = []
    with pytest.raises(MainstemError, match=r"Cycle 1 failed in its stage archive"):
        runs.sync(here, heard.append)
    assert capfd.readouterr() == ("", "")
    assert heard == ["landing", *["archive"] * (1 + assets.RETRIES)]
    assert recorded(here)[0].status == dg.DagsterRunStatus.FAILURE
    here.archive.unlink()
    tiny.send(here, 101, "000002", [tiny.stock_line(quantity=9)])
    summary = runs.sync(here)
    assert (summary["cycle"], summary["changes"]) == (2, 1)
    statuses = [run.status for run in recorded(here)]
    assert statuses == [dg.DagsterRunStatus.SUCCESS] * 2 + [dg.DagsterRunStatus.FAILURE]
    with cycle.opened(here) as hub:
        assert hub.one("select count(*) from collector.verdict") == (10,)


def test_what_may_pass_is_tried_again(here: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assets, "WAIT", 0.0)
    archive, tries = cycle.STAGES["archive"], []

    def once_full(hub: Hub) -> object:
        tries.append(hub.cycle)
        if len(tries) == 1:
            raise OSError(28, "No space left on device")
        return archive(hub)

    monkeypatch.setitem(cycle.STAGES, "archive", once_full)
    assert runs.sync(here)["accepted"] == 9
    assert tries == [1, 1]


def test_a_broken_check_is_not_tried_again(here: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    tries = []

    def broken(hub: Hub) -> None:
        tries.append(hub.cycle)
        raise CheckError("routing.route: key site stands twice.")

    monkeypatch.setitem(cycle.STAGES, "routing", broken)
    with pytest.raises(CheckError, match="stands twice"):
        runs.sync(here)
    assert tries == [1]


def test_an_interrupt_ends_the_run_and_the_next_finishes_it(here: Home) -> None:
    def tell(stage: str) -> None:
        if stage == "routing":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        runs.sync(here, tell)
    assert recorded(here)[0].is_finished
    assert runs.sync(here)["cycle"] == 1


def test_an_interrupt_between_stages_is_one_too(
    here: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = assets._metadata

    def interrupted(*given: Any) -> Any:
        os.kill(os.getpid(), signal.SIGINT)
        return real(*given)

    monkeypatch.setattr(assets, "_metadata", interrupted)
    with pytest.raises(KeyboardInterrupt):
        runs.sync(here)
    monkeypatch.setattr(assets, "_metadata", real)
    assert runs.sync(here)["cycle"] == 1


def test_a_paused_hub_makes_no_run_and_a_disabled_one_says_so(here: Home) -> None:
    text = here.toml.read_text(encoding="utf-8")
    here.toml.write_text(text.replace("paused = false", "paused = true"), encoding="utf-8")
    assert runs.sync(here) == cycle.paused_summary()
    here.toml.write_text(text.replace("enabled = true", "enabled = false"), encoding="utf-8")
    with pytest.raises(MainstemError, match="disabled"):
        runs.sync(here)
    assert recorded(here) == []


def test_a_home_that_is_held_is_waited_for(here: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    patience = partial(home.lock, patience=0.2)
    monkeypatch.setattr(cycle, "lock", patience)
    with patience(here), pytest.raises(CycleRunningError):
        runs.sync(here)


def test_a_single_asset_cannot_skip_the_stages_before_it(
    here: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pipelines.definitions import defs

    monkeypatch.setenv("MAINSTEM_HOME", str(here.path))
    with dagster_home.instance(here) as instance:
        result = defs.resolve_implicit_global_asset_job_def().execute_in_process(
            instance=instance,
            asset_selection=[dg.AssetKey(["routing", "route"])],
            raise_on_error=False,
            run_config=runs.SILENT,
        )
    assert not result.success
    (failed,) = result.get_step_failure_events()
    assert "Launch the job sync" in str(failed.step_failure_data.error)
    assert runs.sync(here)["accepted"] == 9


def test_the_resource_opens_the_home_once_for_a_run(
    here: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As Dagster's daemon runs the job: the home is found by the environment."""
    from pipelines.definitions import JOB, defs

    monkeypatch.setenv("MAINSTEM_HOME", str(here.path))
    with dagster_home.instance(here) as instance:
        job = defs.resolve_job_def(JOB)
        assert job.execute_in_process(instance=instance, run_config=runs.SILENT).success
    assert runs.sync(here)["cycle"] == 2


def test_old_runs_are_dropped_and_dead_ones_ended(
    here: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        runs.sync(here)
    with dagster_home.instance(here) as instance:
        newest = instance.get_runs(limit=2)
        assert dagster_home.prune(instance, keep=2) == 1
        assert [run.run_id for run in instance.get_runs()] == [run.run_id for run in newest]
        assert dagster_home.prune(instance, keep=2) == 0
        from pipelines.definitions import JOB, defs

        run = instance.create_run_for_job(defs.resolve_job_def(JOB))
        instance.report_dagster_event(
            dg.DagsterEvent(dg.DagsterEventType.RUN_START.value, JOB), run.run_id
        )
        dagster_home.bury(instance)
        assert status(instance, run) == dg.DagsterRunStatus.STARTED
        monkeypatch.setattr(dagster_home, "DEAD", -1.0)
        dagster_home.bury(instance)
        assert status(instance, run) == dg.DagsterRunStatus.FAILURE


def status(instance: dg.DagsterInstance, run: dg.DagsterRun) -> dg.DagsterRunStatus | None:
    found = instance.get_run_by_id(run.run_id)
    return found.status if found else None


def test_the_instance_is_the_homes_own(here: Home) -> None:
    with dagster_home.instance(here) as instance:
        assert not instance.telemetry_enabled
        assert isinstance(instance.event_log_storage, event_log.EventLog)
        assert type(instance.run_coordinator).__name__ == "QueuedRunCoordinator"
        queue = instance.get_concurrency_config().run_queue_config
        assert queue is not None
        assert queue.max_concurrent_runs == 1
    yaml = here.dagster / "dagster.yaml"
    yaml.write_text(yaml.read_text(encoding="utf-8") + "# ours\n", encoding="utf-8")
    dagster_home.write(here)
    assert yaml.read_text(encoding="utf-8").endswith("# ours\n")


def test_the_commands_of_the_page_and_the_daemon(here: Home) -> None:
    command, environment = dagster_home.dagster_command(here, 3001, "0.0.0.0")
    assert command[1:7] == ["-m", "dagster_webserver", "-h", "0.0.0.0", "-p", "3001"]
    assert "pipelines.definitions" in command
    assert environment["MAINSTEM_HOME"] == str(here.path)
    assert environment["DAGSTER_HOME"] == str(here.dagster)
    assert environment["DAGSTER_DISABLE_TELEMETRY"] == "yes"
    assert dagster_home.daemon_command(here)[0][1:4] == ["-m", "dagster._daemon", "run"]
