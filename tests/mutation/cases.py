"""A case in a process of its own, and in forks of it with each mutant that it can fail.

What is set up stands in memory, so that a fork of it costs next to nothing. A mutant goes on in one
from just before the rule whose rows it makes other, with all that the case has done until there.
"""

import os
import shutil
import signal
import tempfile
import traceback
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NoReturn

from pipelines.home import Home
from tests.mutation import plays, weak
from tests.mutation.mutants import Mutant
from tests.mutation.plays import Scene
from warehouse import engine

LONGEST = 90  # seconds; a mutant may well never come to an end
PASSED, FAILED, AGAIN = 0, 1, 2
Met = Callable[[Mutant, bool], None]


def run(case: str, found: Iterable[Mutant], is_alive: Callable[[Mutant], bool], met: Met) -> bool:
    """Run a case, and with each mutant alive that it can fail; `met` hears whether it did.

    What is alive no more when it is its turn, another process has killed meanwhile. The answer is
    False where it is to be run again, without a mutant whose query failed: `met` has heard of it.
    """
    scene, play = plays.play(case)
    code = _fork(scene)
    if code is None:
        _run(scene, play, found, is_alive, met)
    assert code != FAILED, f"{case}: fails with the rules as they are"
    return code == PASSED


def _run(
    scene: Scene,
    play: Callable[[], None],
    found: Iterable[Mutant],
    is_alive: Callable[[Mutant], bool],
    met: Met,
) -> NoReturn:
    turned = False
    engine.THREADS = 1  # the others are missing in a fork: to ask for them would end it

    def turn(mutant: Mutant) -> bool:
        nonlocal turned
        if not is_alive(mutant):
            return False
        code = _fork(scene)
        if code is None:
            turned = True
            signal.alarm(LONGEST)  # which ends the process
        else:
            met(mutant, code != PASSED)
        return turned

    try:
        with weak.watched(filter(is_alive, found), turn):
            play()
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
