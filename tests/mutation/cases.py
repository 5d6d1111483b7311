"""A golden case in a process of its own, and in forks of it with each mutant that it can fail.

What is set up stands in memory, so that a fork of it costs next to nothing. A mutant goes on in one
from just before the rule whose rows it makes other, with all that the case has done until there.
"""

import importlib
import os
import shutil
import signal
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterable
from functools import cache
from itertools import zip_longest
from pathlib import Path
from typing import Any, NoReturn

import pytest

from pipelines.home import Home
from tests.mutation import weak
from tests.mutation.mutants import Mutant
from warehouse import engine

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS), str(TESTS / "rules")]  # for the modules scene and test_golden

import scene as scenes  # noqa: E402
from scene import Scene  # noqa: E402

golden = importlib.import_module("test_golden")

LONGEST = 90  # seconds; a mutant may well never come to an end
PASSED, FAILED, AGAIN = 0, 1, 2
Met = Callable[[Mutant, bool], None]
_kept: list[object] = []


def in_order(words: Iterable[str] = ("",)) -> list[str]:
    """The cases named with a word: of each file in turn the next that says most, it kills most."""
    by_file = [sorted(golden.read(path), key=_length, reverse=True) for path in golden.FILES]
    order = [case for row in zip_longest(*by_file) for case in row if case]
    return [case for case in order if any(word in case for word in words)]


def _length(case: str) -> int:
    return len(str(golden.CASES[case]))


@cache
def set_up(primary: int) -> Scene:
    """What is set up, with the rules as they are, in memory and with one thread: to be forked."""
    in_memory, attach = Path(":memory:"), engine.attach
    making = scenes.making(Path(tempfile.mkdtemp(prefix="mainstem-")) / "home", primary=primary)
    _kept.append(making)  # open for as long as this process lives
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "attach", lambda con, _, name: attach(con, in_memory, name))
        scene = making.__enter__()
    scene.hub.con.execute("set threads = 1")  # another would be missing in a fork
    weak.reads()  # once, for every fork
    return scene


def run(case: str, alive: Iterable[Mutant], met: Met) -> bool:
    """Run a case, and with each mutant that it can fail; `met` hears whether it did.

    False where it is to be run again, without a mutant whose query failed: `met` has heard of it.
    """
    primary, steps = golden.CASES[case]
    code = _fork(set_up(primary))
    if code is None:
        _run(set_up(primary), steps, alive, met)
    assert code != FAILED, f"{case}: fails with the rules as they are"
    return code == PASSED


def _run(scene: Scene, steps: list[dict[Any, Any]], alive: Iterable[Mutant], met: Met) -> NoReturn:
    turned = False

    def turn(mutant: Mutant) -> bool:
        nonlocal turned
        code = _fork(scene)
        if code is None:
            turned = True
            signal.alarm(LONGEST)  # which ends the process
        else:
            met(mutant, code != PASSED)
        return turned

    try:
        before = dict(scene.rows(golden.OWED))
        with weak.watched(alive, turn):
            for step in steps:
                summary = golden.run(scene, step)
                golden.compare(scene, step.get("expect", {}), summary, before)
        golden.whole(scene)
        os._exit(PASSED)
    except weak.BrokenError as error:
        met(error.mutant, True)
        os._exit(AGAIN)
    except BaseException:
        if not turned:
            traceback.print_exc()
        os._exit(FAILED)


def _fork(scene: Scene) -> int | None:
    """None in a copy of this process, with a home of its own; in this one how the copy ended."""
    folder = Path(tempfile.mkdtemp(prefix="mainstem-"))
    if process := os.fork():
        code = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
        shutil.rmtree(folder)
        return code
    home = Home(folder / "home")
    shutil.copytree(scene.hub.home.path, home.path)
    scene.hub.home = home
    return None
