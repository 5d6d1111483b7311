"""The suites of quality/ as asset checks: judged when a cycle is published, of what it changed."""

from collections.abc import Iterator, Mapping
from typing import Any

import dagster as dg

from pipelines import history, tables
from pipelines.assets import AT_WORK, POOL, of
from quality.judge import JudgeError, Verdict
from quality.suites import Suite, suites


def quality() -> dg.AssetChecksDefinition:
    """One op, the last of a run: no check holds up what is published.

    A suite that finds no rows of this cycle is not judged; its last outcome stands.
    """
    last = tables.main(list(tables.flow())[-1]).split(".")

    @dg.multi_asset_check(
        name="quality",
        specs=[
            dg.AssetCheckSpec(
                suite.name,
                asset=suite.table.split("."),
                description=suite.description,
                additional_deps=[last],
            )
            for suite in suites()
        ],
        required_resource_keys={AT_WORK},
        can_subset=True,
        pool=POOL,
    )
    def checks(context: dg.AssetCheckExecutionContext) -> Iterator[dg.AssetCheckResult]:
        at_work = of(context)
        if not at_work.judged:
            return
        asked = {key.name for key in context.selected_asset_check_keys}
        told = history.judge(at_work.hub, [suite for suite in suites() if suite.name in asked])
        yield from (_result(suite, verdict) for suite, verdict in told)

    return checks


def _result(suite: Suite, verdict: Verdict | JudgeError) -> dg.AssetCheckResult:
    """The outcome of one suite."""
    if isinstance(verdict, JudgeError):
        return _told(suite, False, dg.AssetCheckSeverity.ERROR, {"error": str(verdict)})
    severity = dg.AssetCheckSeverity.ERROR if verdict.grave else dg.AssetCheckSeverity.WARN
    broken = sum(result.broken for result in verdict.failures)
    return _told(
        suite,
        not verdict.failures,
        severity,
        {
            "rows": verdict.rows,
            "broken": broken,
            "expectations": dg.MarkdownMetadataValue(_text(verdict)),
        },
    )


def _told(
    suite: Suite, passed: bool, severity: dg.AssetCheckSeverity, metadata: Mapping[str, Any]
) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(
        check_name=suite.name,
        asset_key=suite.table.split("."),
        passed=passed,
        severity=severity,
        metadata=metadata,
    )


def _text(verdict: Verdict) -> str:
    """A line per expectation, and below the broken ones a few of the rows that break them."""
    lines = []
    for result in verdict.results:
        mark = "met" if result.passed else f"**{result.broken} rows break it**"
        lines.append(f"* {result.expectation.says} {mark}")
        lines += [f"    * `{row}`" for row in result.sample]
    return "\n".join(lines)
