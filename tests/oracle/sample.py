"""Histories drawn by Hypothesis, as a list."""

import random

from hypothesis import HealthCheck, Phase, given, seed, settings

from .histories import histories
from .history import History


def drawn(number: int, groups: tuple[str, ...], of: int = 0) -> list[History]:
    """So many histories of a seed, always the same."""
    found: list[History] = []

    @seed(of)
    @settings(
        max_examples=number, deadline=None, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(histories(groups))
    def collect(history: History) -> None:
        found.append(history)

    collect()
    random.Random(of).shuffle(found)  # the simplest come first
    return found
