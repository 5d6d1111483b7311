"""The suites, read from quality/suites: a table, a query for the rows to judge, expectations."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).resolve().parent / "suites"
SEVERITIES = ("warning", "critical")


@dataclass(frozen=True)
class Expectation:
    """One expectation of Great Expectations, how grave a breach is, and what it says in words."""

    type: str
    kwargs: dict[str, Any]
    severity: str
    says: str


@dataclass(frozen=True)
class Suite:
    """What is expected of one table.

    `query` finds the rows to judge in a warehouse that has done a cycle, with the published file
    attached as `reports`: this cycle's rows only, and no column that could name a patient.
    """

    name: str
    table: str
    description: str
    query: str
    expectations: tuple[Expectation, ...]


@cache
def suites() -> tuple[Suite, ...]:
    """Every suite, by name; an error names the file that is wrong."""
    return tuple(read(path) for path in sorted(FOLDER.glob("*.yaml")))


def read(path: Path) -> Suite:
    """Read one suite."""
    try:
        told = yaml.safe_load(path.read_text(encoding="utf-8"))
        expectations = tuple(Expectation(**one) for one in told.pop("expectations"))
        suite = Suite(name=path.stem, expectations=expectations, **told)
    except (yaml.YAMLError, TypeError, AttributeError, KeyError) as error:
        raise ValueError(f"{path}: {error}") from error
    if wrong := {one.severity for one in expectations} - set(SEVERITIES):
        raise ValueError(f"{path}: severity {wrong} is none of {SEVERITIES}")
    return suite
