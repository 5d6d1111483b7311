"""The oracle: hub and model take the same random histories, and agree after every cycle.

A longer run is `python -m tests.oracle --histories 5000 --seed N`.
"""

from collections.abc import Sequence
from itertools import product

import pytest

from .fixed import FIXED
from .histories import AGREED, GROUPS, MANNERS
from .history import History, dump
from .model import Options, routes
from .sample import drawn
from .trial import Trial

HISTORIES = 300
WHOLE = HISTORIES // 20
SOME = (("store", "central", "joins", "strange", "setting", "retried", "initialised"),
        ("patients", "prescriptions", "prescribers", "moving_homes", "merged_homes", "name_data",
         "initialised"),
        ("central", "transferred", "orders", "ordered", "initialised"),
        AGREED)  # fmt: skip
SETTINGS = [
    Options(primary=primary, prescriptions_follow_patient=on, repeats_everywhere=on)
    for primary, on in product((1, 2), (False, True))
]
MIRRORED = Options(primary=2)


@pytest.mark.parametrize("seed", range(len(SOME)))
def test_hub_and_model_agree(seed: int) -> None:
    agree(Trial(SETTINGS[seed]), drawn(HISTORIES // len(SOME), SOME[seed], seed))


def test_they_agree_when_every_cycle_is_a_process_and_some_die() -> None:
    pack = drawn(WHOLE, (*AGREED, "crashes"), len(SOME))
    assert sum(step.crash != "" for history in pack for step in history.steps) > 1
    agree(Trial(SETTINGS[-1], whole=True), pack)


def test_they_agree_on_what_random_histories_seldom_come_to() -> None:
    agree(Trial(MIRRORED), list(FIXED.values()))


@pytest.mark.parametrize("route", FIXED)
def test_a_model_without_a_route_differs(route: str, monkeypatch: pytest.MonkeyPatch) -> None:
    left = [told for told in routes.BESIDES if told != getattr(routes, route)]
    monkeypatch.setattr(routes, "BESIDES", left)
    assert Trial(MIRRORED).differing([FIXED[route]])


def agree(trial: Trial, pack: Sequence[History]) -> None:
    """Fail with the smallest history found in which hub and model differ."""
    found = trial.differing(pack)
    if found:
        small, differences = trial.shrunk(pack[min(found)])
        told = "\n".join(map(str, differences or found[min(found)]))
        pytest.fail(f"{told}\n\nto replay, {trial.options}:\n{dump(small)}")


def test_the_groups_that_agree_are_groups() -> None:
    assert set(AGREED) <= {*GROUPS, *MANNERS}
