"""A golden case, run with the rules as they are, and then with each mutant that it can fail."""

import importlib
import shutil
import signal
import sys
import tempfile
from collections.abc import Generator, Iterable
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from pipelines.home import Home
from tests.mutation import weak
from tests.mutation.mutants import Mutant

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS), str(TESTS / "rules")]  # for the modules scene and test_golden

import scene as scenes  # noqa: E402
from scene import Scene  # noqa: E402

golden = importlib.import_module("test_golden")

LONGEST = 120  # seconds; a mutant may well never come to an end


@dataclass(frozen=True)
class Stop:
    """What stands before a step of a case: a home, and what its scene knows."""

    home: Home
    number: int
    knows: dict[str, Any]
    before: dict[str, int]


@cache
def set_up(primary: int) -> Home:
    """A home that is set up, with the rules as they are."""
    return scenes.make(Path(tempfile.mkdtemp(prefix="mainstem-")) / "home", primary=primary)


@contextmanager
def first_stop(case: str) -> Generator[Stop]:
    """Where a case begins, in a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder) / "0")
        shutil.copytree(set_up(golden.CASES[case][0]).path, home.path)
        with scenes.opened(home) as scene:
            knows = {"clock": scene.clock, "first_cursor": scene.first_cursor}
            before = dict(scene.rows(golden.OWED))
        yield Stop(home, 0, knows, before)


def stops(case: str, first: Stop, alive: Iterable[Mutant]) -> dict[Mutant, Stop]:
    """The mutants that a case can fail, each with the last stop before it makes other rows."""
    found: dict[Mutant, Stop] = {}
    stop, steps = first, golden.CASES[case][1]
    while stop.number < len(steps):
        left, broken = [mutant for mutant in alive if mutant not in found], set[Mutant]()
        while True:
            home = Home(stop.home.path.with_name(f"{stop.number + 1}"))
            shutil.rmtree(home.path, ignore_errors=True)
            try:
                with _at(stop, home, steps) as scene:
                    with weak.watched(one for one in left if one not in broken) as differing:
                        golden.run(scene, steps[stop.number])
                    knows = {"clock": scene.clock, "first_cursor": scene.first_cursor}
                break
            except weak.BrokenError as error:
                broken.add(error.mutant)
        found |= dict.fromkeys(differing | broken, stop)
        stop = Stop(home, stop.number + 1, knows, stop.before)
    return found


def fails(case: str, mutant: Mutant, stop: Stop) -> bool:
    """Whether a case fails with a mutant, from a stop on: what was before it left as it is."""
    steps = golden.CASES[case][1]
    try:
        with (
            tempfile.TemporaryDirectory() as folder,
            _turned(mutant),
            _timed(),
            _at(stop, Home(Path(folder) / "home"), steps) as scene,
        ):
            for step in steps[stop.number :]:
                summary = golden.run(scene, step)
                golden.compare(scene, step.get("expect", {}), summary, stop.before)
            golden.whole(scene)
    except Exception:
        return True
    return False


@contextmanager
def _at(stop: Stop, home: Home, steps: list[dict[Any, Any]]) -> Generator[Scene]:
    with scenes.copied(stop.home, home.path) as scene:
        scene.hub.con.execute("set threads = 1")
        for name, value in stop.knows.items():
            setattr(scene, name, value)
        for step in steps[: stop.number]:
            asked = step.get("preferences", {})
            scene.hub.settings = replace(scene.hub.settings, **asked)
        yield scene


@contextmanager
def _turned(mutant: Mutant) -> Generator[None]:
    models = sys.modules[f"pipelines.{mutant.path.parent.name}"].MODELS
    model = models[mutant.model]
    models[mutant.model] = replace(model, query=mutant.text)
    try:
        yield
    finally:
        models[mutant.model] = model


@contextmanager
def _timed() -> Generator[None]:
    def stop(*_: object) -> None:
        raise TimeoutError

    with ExitStack() as stack:
        stack.callback(signal.signal, signal.SIGALRM, signal.signal(signal.SIGALRM, stop))
        stack.callback(signal.alarm, 0)
        signal.alarm(LONGEST)
        yield
