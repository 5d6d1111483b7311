"""The hub as Dagster has it: complete, in order, and only asked to run when there is reason to."""

import os
import time
from collections.abc import Generator
from pathlib import Path

import dagster as dg
import duckdb
import pytest
import tiny
from dagster._core.remote_origin import (
    ManagedGrpcPythonEnvCodeLocationOrigin,
    RemoteJobOrigin,
    RemoteRepositoryOrigin,
)
from dagster._core.types.loadable_target_origin import LoadableTargetOrigin

from pipelines import assets, cycle, dagster_home, definitions, home, rest, sql, tables
from pipelines.definitions import defs
from pipelines.home import Home
from quality.suites import suites

ROOT = Path(__file__).parents[1]
ORIGIN = LoadableTargetOrigin(module_name="pipelines.definitions")
FILES = {name for name, _, _ in tables.FILES.values()}


@pytest.fixture(scope="module")
def settled(tmp_path_factory: pytest.TempPathFactory) -> Home:
    made = tiny.make(tmp_path_factory.mktemp("settled") / "home")
    cycle.run(made)
    return made


@pytest.fixture
def waiting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A home with two segments in its inbox, found by the environment."""
    made = tiny.make(tmp_path / "home")
    monkeypatch.setenv("MAINSTEM_HOME", str(made.path))
    return made


@pytest.fixture
def instance(waiting: Home) -> Generator[dg.DagsterInstance]:
    with dagster_home.instance(waiting) as instance:
        yield instance


def names() -> set[str]:
    return {".".join(key.path) for key in defs.resolve_asset_graph().get_all_asset_keys()}


def test_definitions_load() -> None:
    dg.Definitions.validate_loadable(defs)


def test_every_sql_file_is_an_asset() -> None:
    folders = ("pipelines", "warehouse/marts")
    files = {
        f"{path.parent.name}.{path.stem}"
        for folder in folders
        for path in (ROOT / folder).rglob("*.sql")
    }
    assert files
    assert files <= names()


def test_every_lasting_table_is_an_asset_and_every_asset_a_table_or_file(settled: Home) -> None:
    found: set[str] = set()
    for path in (settled.warehouse, settled.reports):
        with duckdb.connect(str(path), read_only=True) as con:
            told = con.execute("select schema_name || '.' || table_name from duckdb_tables()")
            found |= {name for (name,) in told.fetchall()}
    working = {
        table.name
        for made in tables.flow().values()
        for table in made
        if table.model and table.model.load in sql.WORKING
    }
    assert found == names() - FILES - working


def test_a_stage_is_one_op_and_comes_after_the_one_before() -> None:
    ops = {made.node_def.name: made for made in assets.stages()}
    assert list(ops) == list(cycle.STAGES)
    known: set[dg.AssetKey] = set()
    before: dg.AssetKey | None = None
    for stage, made in ops.items():
        main = dg.AssetKey(tables.main(stage).split("."))
        for spec in made.specs:
            assert {dep.asset_key for dep in spec.deps} <= known | made.keys
        if before:
            (spec,) = [spec for spec in made.specs if spec.key == main]
            assert before in {dep.asset_key for dep in spec.deps}
        known |= made.keys
        before = main


def test_what_a_table_is_made_from_is_parsed_from_its_query() -> None:
    made = {table.name: table for stage in tables.flow().values() for table in stage}
    assert made["marts.stock_line"].reads == (
        "marts.key", "marts.touched_stock_line", "records.item_line",
    )  # fmt: skip
    assert "landing.change" in made["collector.candidate"].reads
    assert "collector.judged" not in made["collector.candidate"].reads  # a CTE of that name
    assert "outbox.owed" not in made["routing.deleted"].reads  # made later: the last cycle's


def test_every_table_says_what_it_is() -> None:
    assert all(spec.description for made in assets.stages() for spec in made.specs)


def test_the_checks_are_those_of_the_headers_and_the_suites() -> None:
    headers = {
        (table.name, name)
        for made in tables.flow().values()
        for table in made
        for name in table.checks
    }
    judged = {(suite.table, suite.name) for suite in suites()}
    keys = defs.resolve_asset_graph().asset_check_keys
    assert {(".".join(key.asset_key.path), key.name) for key in keys} == headers | judged
    assert ("marts.movement", "key") in headers
    assert ("marts.movement", "assert") in headers


def test_every_op_is_in_the_pool() -> None:
    job = defs.resolve_job_def(definitions.JOB)
    ops = [node.definition for node in job.graph.nodes]
    assert {op.pool for op in ops if isinstance(op, dg.OpDefinition)} == {assets.POOL}
    assert [node.name for node in job.nodes_in_topological_order] == [*cycle.STAGES, "quality"]


def test_the_idle_job_does_all_stages() -> None:
    job = defs.resolve_job_def(definitions.IDLE)
    assert [node.name for node in job.nodes_in_topological_order] == list(cycle.STAGES)


def ask(instance: dg.DagsterInstance, cursor: str | None = None) -> object:
    """What the sensor answers."""
    with dg.build_sensor_context(instance=instance, cursor=cursor) as context:
        return definitions.inbox(context)


def test_the_sensor_asks_once_for_what_waits(waiting: Home, instance: dg.DagsterInstance) -> None:
    asked = ask(instance)
    assert isinstance(asked, dg.SensorResult)
    assert [request.run_key for request in asked.run_requests or ()] == [asked.cursor]
    assert isinstance(ask(instance, asked.cursor), dg.SkipReason)
    tiny.send(waiting, 101, "000002", [tiny.stock_line(quantity=9)])
    again = ask(instance, asked.cursor)
    assert isinstance(again, dg.SensorResult)
    assert again.cursor != asked.cursor


def test_the_sensor_skips_when_nothing_waits(waiting: Home, instance: dg.DagsterInstance) -> None:
    cycle.run(waiting)
    skipped = ask(instance)
    assert isinstance(skipped, dg.SkipReason)
    assert skipped.skip_message == "Nothing waits."
    (waiting.requests / "1.json").write_text('{"retry": [1]}', encoding="utf-8")
    assert isinstance(ask(instance), dg.SensorResult)


@pytest.mark.parametrize(
    ("was", "becomes", "why"),
    [
        ("paused = false", "paused = true", "paused"),
        ("enabled = true", "enabled = false", "disabled"),
    ],
)
def test_nothing_is_asked_of_a_hub_that_is_off(
    waiting: Home, instance: dg.DagsterInstance, was: str, becomes: str, why: str
) -> None:
    text = waiting.toml.read_text(encoding="utf-8")
    waiting.toml.write_text(text.replace(was, becomes), encoding="utf-8")
    for skipped in (ask(instance), tick(instance)):
        assert isinstance(skipped, dg.SkipReason)
        assert why in (skipped.skip_message or "")


def test_sensor_and_schedule_rest_under_a_loop(
    waiting: Home, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert definitions.STATUS == "RUNNING"
    monkeypatch.setenv("MAINSTEM_LOOP", "1")
    for skipped in (ask(instance), tick(instance)):
        assert isinstance(skipped, dg.SkipReason)
        assert "loop" in (skipped.skip_message or "")


def test_no_second_run_is_asked_for_while_one_stands_in_the_queue(
    waiting: Home, instance: dg.DagsterInstance
) -> None:
    record(instance, definitions.JOB, dg.DagsterRunStatus.STARTED)
    assert isinstance(ask(instance), dg.SensorResult)
    record(instance, definitions.JOB, dg.DagsterRunStatus.QUEUED)
    assert isinstance(ask(instance), dg.SkipReason)
    assert isinstance(tick(instance), dg.SkipReason)


def tick(instance: dg.DagsterInstance) -> object:
    """What the schedule answers."""
    with dg.build_schedule_context(instance=instance) as context:
        return definitions.fallback(context)


def record(instance: dg.DagsterInstance, name: str, status: dg.DagsterRunStatus) -> None:
    """A run of a job, as it stands in the list of runs."""
    code = ManagedGrpcPythonEnvCodeLocationOrigin(ORIGIN)  # ty: ignore[abstract-class-instantiation]
    place = RemoteRepositoryOrigin(code, "__repository__")
    instance.create_run_for_job(
        defs.resolve_job_def(name), status=status, remote_job_origin=RemoteJobOrigin(place, name)
    )


def test_the_schedule_asks_for_what_waits_what_failed_and_an_old_hub(
    waiting: Home, instance: dg.DagsterInstance
) -> None:
    assert isinstance(tick(instance), dg.RunRequest)
    cycle.run(waiting)
    assert isinstance(tick(instance), dg.SkipReason)
    long_ago = time.time() - rest.STALE - 1
    os.utime(waiting.reports, (long_ago, long_ago))
    assert isinstance(tick(instance), dg.RunRequest)
    os.utime(waiting.reports)
    assert isinstance(tick(instance), dg.SkipReason)
    record(instance, definitions.JOB, dg.DagsterRunStatus.FAILURE)
    assert isinstance(tick(instance), dg.RunRequest)


def test_a_home_without_reports_is_old(tmp_path: Path) -> None:
    made = home.make(tmp_path / "home")
    assert rest.is_stale(made)
    assert not rest.waiting(made)
