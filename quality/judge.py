"""Judges the rows that a suite's query finds, by Great Expectations on a pandas frame.

DuckDB finds, Great Expectations judges: its SQL source hides errors with these versions. It takes
seconds to import, so only a suite that has rows to judge imports it.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import duckdb

from pipelines import quiet
from quality.suites import Expectation, Suite

if TYPE_CHECKING:
    import pandas as pd

MOST = 1_000_000  # rows judged of one cycle: a national migration would not fit into memory
SAMPLE = 5  # rows shown of those that break an expectation


class JudgeError(Exception):
    """Great Expectations could not judge; its text is the error that it hid."""


@dataclass(frozen=True)
class Result:
    """How one expectation fared: how many rows broke it, a few of them."""

    expectation: Expectation
    passed: bool
    broken: int
    sample: list[dict[str, Any]]


@dataclass(frozen=True)
class Verdict:
    """How one suite fared on so many rows."""

    suite: Suite
    rows: int
    results: tuple[Result, ...]

    @property
    def failures(self) -> list[Result]:
        """The expectations that were not met."""
        return [result for result in self.results if not result.passed]

    @property
    def grave(self) -> bool:
        """Whether a critical expectation was not met."""
        return any(result.expectation.severity == "critical" for result in self.failures)


def judge(con: duckdb.DuckDBPyConnection, suite: Suite, most: int = MOST) -> Verdict | None:
    """Judge what the suite's query finds, `most` rows of it; None where it finds nothing.

    JudgeError if an expectation could not be judged at all.
    """
    found = con.execute(f"from ({suite.query}) limit {most}").to_arrow_table()
    if not found.num_rows:
        return None
    frame = found.to_pandas()
    outcomes = _validate(frame, suite.expectations, "BASIC")
    results = [
        Result(expectation, outcome["success"], outcome["unexpected_count"], [])
        for expectation, outcome in zip(suite.expectations, outcomes, strict=True)
    ]
    return Verdict(
        suite,
        len(frame),
        tuple(result if result.passed else _with_sample(frame, result) for result in results),
    )


def _with_sample(frame: "pd.DataFrame", result: Result) -> Result:
    """The same, with a few of the rows: asked for apart, since places are costly to name."""
    (outcome,) = _validate(frame, (result.expectation,), "SUMMARY")
    rows = frame.iloc[outcome["places"][:SAMPLE]]
    sample = [
        {str(name): _plain(value) for name, value in row.items()} for row in rows.to_dict("records")
    ]
    return Result(result.expectation, result.passed, result.broken, sample)


def _plain(value: Any) -> Any:
    """A value as JSON has it."""
    if value is None or value != value:
        return None
    plain = getattr(value, "item", lambda: value)()
    return plain if isinstance(plain, str | int | float | bool) else str(value)


def _validate(
    frame: "pd.DataFrame", expectations: tuple[Expectation, ...], detail: str
) -> list[dict[str, Any]]:
    """What Great Expectations says of each expectation, in order."""
    quiet.hush()
    import great_expectations as gx
    from great_expectations.data_context.types.base import (
        DataContextConfig,
        InMemoryStoreBackendDefaults,
        ProgressBarsConfig,
    )

    # Nothing is kept: no docs site, which would leave a folder in /tmp each time.
    config = DataContextConfig(
        store_backend_defaults=InMemoryStoreBackendDefaults(init_temp_docs_sites=False),
        progress_bars=ProgressBarsConfig(globally=False),
        analytics_enabled=False,
    )
    context = gx.get_context(mode="ephemeral", project_config=config)
    asset = context.data_sources.add_pandas("found").add_dataframe_asset("rows")
    batch = asset.add_batch_definition_whole_dataframe("all").get_batch({"dataframe": frame})
    suite = gx.ExpectationSuite(
        "suite",
        expectations=[
            {
                "type": one.type,
                "kwargs": one.kwargs,
                "severity": one.severity,
                "meta": {"place": place},
            }
            for place, one in enumerate(expectations)
        ],
    )
    found = batch.validate(
        suite, result_format={"result_format": detail, "partial_unexpected_count": SAMPLE}
    )
    outcomes: dict[int, dict[str, Any]] = {}
    for result in found.results:
        config = result.expectation_config
        assert config is not None and config.meta is not None
        if hidden := _hidden(result.exception_info):
            raise JudgeError(f"{config.type} could not be judged: {hidden}")
        outcomes[config.meta["place"]] = {
            "success": bool(result.success),
            "unexpected_count": int(result.result.get("unexpected_count") or 0),
            "places": list(result.result.get("partial_unexpected_index_list") or []),
        }
    return [outcomes[place] for place in range(len(expectations))]


def _hidden(told: dict[str, Any]) -> str:
    """The errors that a result hides in its exception_info: one, or one per metric."""
    each = [told] if "raised_exception" in told else list(told.values())
    return "; ".join(str(one["exception_message"]) for one in each if one["raised_exception"])
