"""What becomes of each mutant: shared by the processes, each of which takes a case at a time."""

import random
from collections.abc import MutableSequence

from tests.mutation import cases
from tests.mutation.mutants import Mutant

KILLED = -1
# What the processes share: of each mutant KILLED, or how many cases it made other rows in, unseen.
Fates = MutableSequence[int]
_shared: tuple[list[Mutant], Fates, int]


def share(found: list[Mutant], fates: Fates, tries: int) -> None:
    """Take up what the processes share."""
    global _shared
    _shared = found, fates, tries


def examine(case: str) -> str:
    """Run a case with every mutant that is left and that it can fail; the case."""
    found, fates, tries = _shared
    left = {one: at for at, one in enumerate(found) if KILLED < fates[at] < tries}
    with cases.first_stop(case) as first:
        reached = list(cases.stops(case, first, left).items())
        random.Random(case).shuffle(reached)  # so that processes seldom run the same one at once
        for mutant, stop in reached:
            at = left[mutant]
            if KILLED < fates[at] < tries:
                fates[at] = KILLED if cases.fails(case, mutant, stop) else fates[at] + 1
    return case
