"""What a case plays: a golden one, or a pack of the oracle's random histories.

The second fails where hub and model differ. Each has the rules as they are while it is set up.
"""

import importlib
import sys
import tempfile
from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.mutation import weak
from warehouse import engine

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS), str(TESTS / "rules")]  # for the modules scene and test_golden

import scene as scenes  # noqa: E402
from scene import Scene  # noqa: E402

from tests.oracle import compare, drive, sample  # noqa: E402
from tests.oracle.test_oracle import SETTINGS, SOME  # noqa: E402

golden = importlib.import_module("test_golden")

PACKS, WORLDS = 40, 12  # packs of histories; histories in each
_kept: list[object] = []


def in_order(words: Iterable[str] = ("",)) -> list[str]:
    """The cases named with a word: first those that say most in a short time, they kill most.

    The oracle's packs come after the golden ones.
    """
    order = sorted(golden.CASES, key=_worth, reverse=True)
    order += [f"oracle {number}" for number in range(PACKS)]
    return [case for case in order if any(word in case for word in words)]


def _worth(case: str) -> float:
    _, steps = golden.CASES[case]
    return len(str(steps)) / float(len(steps)) ** 1.5


@contextmanager
def _in_memory() -> Generator[Path]:
    """A folder for a home whose warehouse is opened in memory meanwhile."""
    in_memory, attach = Path(":memory:"), engine.attach
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "attach", lambda con, _, name: attach(con, in_memory, name))
        yield Path(tempfile.mkdtemp(prefix="mainstem-")) / "home"


def _to_be_forked(scene: Scene, *open_: object) -> None:
    _kept.extend(open_)  # for as long as this process lives
    scene.hub.con.execute("set threads = 1")  # another would be missing in a fork
    weak.reads()  # once, for every fork


@cache
def set_up(primary: int) -> Scene:
    """What is set up for golden cases, with the rules as they are."""
    with _in_memory() as home:
        making = scenes.making(home, primary=primary)
        scene = making.__enter__()
    _to_be_forked(scene, making)
    return scene


@cache
def _worlds(settings: int) -> drive.Pair:
    """What is set up for histories: the hub and its model."""
    with _in_memory() as home:
        opening = drive.opened(home, SETTINGS[settings], WORLDS)
        pair = opening.__enter__()
    _to_be_forked(pair.scene, opening)
    return pair


def play(case: str) -> tuple[Scene, Callable[[], None]]:
    """The scene of a case, and the case itself, which fails by an error."""
    kind, _, number = case.partition(" ")
    if kind == "oracle":
        pair = _worlds(int(number) % len(SETTINGS))
        return pair.scene, lambda: _agree(pair, int(number))
    primary, steps = golden.CASES[case]
    scene = set_up(primary)
    return scene, lambda: _expect(scene, steps)


def _agree(pair: drive.Pair, number: int) -> None:
    histories = sample.drawn(WORLDS, SOME[number % len(SOME)], 1000 + number)
    for steps in drive.padded(histories):
        pair.step(steps)
        assert not (told := next(compare.differences(pair), None)), told


def _expect(scene: Scene, steps: list[dict[Any, Any]]) -> None:
    before = dict(scene.rows(golden.OWED))
    for step in steps:
        summary = golden.run(scene, step)
        golden.compare(scene, step.get("expect", {}), summary, before)
    golden.whole(scene)
