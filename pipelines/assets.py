"""The stages as Dagster sees them: one multi-asset each, every table of a stage an asset."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import cast

import dagster as dg
import duckdb

from pipelines import counts, cycle, tables
from pipelines.errors import MainstemError
from pipelines.hub import Hub
from pipelines.tables import Table

POOL = "warehouse"  # every op that opens the warehouse is in it, so that one works at a time
PASSING = (OSError, duckdb.IOException)  # may pass by itself: a full disk, a file that is held
RETRIES, WAIT = 2, 1.0  # tries after the first, and seconds between
AT_WORK = "at_work"  # the resource's name


@dataclass
class AtWork:
    """What a run's ops share: the hub in its cycle, who hears of each stage, and what failed."""

    hub: Hub
    tell: Callable[[str], object] = lambda _: None
    judged: bool = True
    failure: BaseException | None = None


def of(context: dg.AssetExecutionContext | dg.AssetCheckExecutionContext) -> AtWork:
    """What the run of an op shares."""
    return cast("AtWork", getattr(context.resources, AT_WORK))


def stages() -> list[dg.AssetsDefinition]:
    """The multi-assets, in flow order."""
    return [_stage(stage, made) for stage, made in tables.flow().items()]


def mains() -> list[dg.AssetKey]:
    """The main table of every stage: all that a run without changes has to tell of."""
    return [dg.AssetKey(tables.main(stage).split(".")) for stage in tables.flow()]


def _stage(stage: str, made: tuple[Table, ...]) -> dg.AssetsDefinition:
    @dg.multi_asset(
        name=stage,
        specs=[
            dg.AssetSpec(
                table.key,
                description=table.description,
                deps=[name.split(".") for name in table.reads],
                group_name=stage,
                kinds={"duckdb", "sql"} if table.model else {"duckdb"},
            )
            for table in made
        ],
        check_specs=[
            dg.AssetCheckSpec(name, asset=table.key, description=text, blocking=True)
            for table in made
            for name, text in table.checks.items()
        ],
        required_resource_keys={AT_WORK},
        can_subset=True,
        pool=POOL,
    )
    def work(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult[None]]:
        at_work = of(context)
        try:
            at_work.tell(stage)
            _run(at_work.hub, stage)
            told = [
                table for table in made if dg.AssetKey(table.key) in context.selected_asset_keys
            ]
            rows = counts.rows(at_work.hub, told)
        except BaseException as error:
            at_work.failure = error
            if isinstance(error.__cause__, PASSING):
                raise dg.RetryRequested(max_retries=RETRIES, seconds_to_wait=WAIT) from error
            raise
        for table in told:
            yield dg.MaterializeResult(
                asset_key=table.key,
                metadata=_metadata(at_work.hub, stage, table, rows.get(table.name)),
                # A breach would have stopped the stage: see pipelines.sql.
                check_results=[
                    dg.AssetCheckResult(check_name=key.name, asset_key=table.key, passed=True)
                    for key in context.selected_asset_check_keys
                    if key.asset_key == dg.AssetKey(table.key)
                ],
            )

    return work


def _run(hub: Hub, stage: str) -> None:
    """Run one stage of the hub's cycle, which the stages before it must have done."""
    stages = list(cycle.STAGES)
    for before in stages[: stages.index(stage)]:
        (done,) = hub.one("select max(cycle) from landing.mark where stage = ?", before)
        if done != hub.cycle:
            raise MainstemError(
                f"The stage {stage} comes after {before}, which has not done cycle {hub.cycle}. "
                "Launch the job sync, not single assets."
            )
    cycle.stage(hub, stage)


def _metadata(hub: Hub, stage: str, table: Table, rows: int | None) -> dict[str, int | float]:
    """What plots over runs: rows of each table; of the main one also what the cycle counted."""
    told: dict[str, int | float] = {} if rows is None else {"dagster/row_count": rows}
    if table.name == tables.main(stage):
        told |= {"cycle": hub.cycle, **hub.tally, "seconds": hub.seconds[stage]}
    return told
