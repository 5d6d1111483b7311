"""What judges: what it finds, what it shows, and that no error stays hidden."""

from pathlib import Path

import duckdb
import pytest

from quality.judge import JudgeError, judge
from quality.suites import Expectation, Suite, read

ROWS = "select range as id, range - 1 as packs, 'ok' as note from range(1000)"


def suite(query: str, *expectations: Expectation) -> Suite:
    return Suite("trial", "marts.trial", "A trial.", query, expectations)


def between(column: str, least: int, severity: str = "warning") -> Expectation:
    kwargs = {"column": column, "min_value": least}
    return Expectation("expect_column_values_to_be_between", kwargs, severity, f"From {least}.")


def test_nothing_found_is_not_judged() -> None:
    with duckdb.connect() as con:
        assert judge(con, suite(f"{ROWS} where id > 5000", between("packs", 0))) is None


def test_broken_rows_are_counted_and_a_few_are_shown() -> None:
    with duckdb.connect() as con:
        verdict = judge(con, suite(ROWS, between("packs", 0), between("packs", 499)))
    assert verdict is not None
    assert verdict.rows == 1000
    assert [result.broken for result in verdict.results] == [1, 500]
    assert verdict.results[0].sample == [{"id": 0, "packs": -1, "note": "ok"}]
    assert len(verdict.results[1].sample) == 5


def test_no_more_is_judged_than_fits() -> None:
    with duckdb.connect() as con:
        verdict = judge(con, suite(ROWS, between("packs", 0)), most=10)
    assert verdict is not None
    assert verdict.rows == 10


@pytest.mark.parametrize(("severity", "grave"), [("warning", False), ("critical", True)])
def test_only_a_critical_breach_is_grave(severity: str, grave: bool) -> None:
    with duckdb.connect() as con:
        verdict = judge(con, suite(ROWS, between("packs", 0, severity)))
    assert verdict is not None
    assert verdict.grave is grave


def test_an_error_that_great_expectations_hides_is_raised() -> None:
    with duckdb.connect() as con, pytest.raises(JudgeError, match=r'"pack" .* does not exist'):
        judge(con, suite(ROWS, between("packs", 0), between("pack", 0)))


GOOD = """
table: marts.trial
description: A trial.
query: select 1 as id
expectations:
  - type: expect_column_values_to_be_unique
    kwargs: {column: id}
    severity: warning
    says: Once.
"""


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        ("severity: warning", "severity: mild"),
        ("    says: Once.\n", ""),
        ("table: ", "tabel: "),
        ("expectations:", "expected:"),
        ("query: ", "query: ["),
    ],
)
def test_a_bad_suite_is_an_error_that_names_its_file(
    tmp_path: Path, was: str, becomes: str
) -> None:
    path = tmp_path / "trial.yaml"
    path.write_text(GOOD, encoding="utf-8")
    assert read(path).name == "trial"
    path.write_text(GOOD.replace(was, becomes), encoding="utf-8")
    with pytest.raises(ValueError, match=r"trial\.yaml"):
        read(path)
