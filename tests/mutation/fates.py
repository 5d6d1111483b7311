"""What becomes of each mutant: shared by the processes, each of which takes a case at a time."""

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
    places, before = {one: at for at, one in enumerate(found)}, list(fates)

    def met(mutant: Mutant, killed: bool) -> None:
        at = places[mutant]
        if fates[at] != KILLED:
            fates[at] = KILLED if killed else before[at] + 1

    def is_alive(mutant: Mutant) -> bool:
        return KILLED < fates[places[mutant]] < tries

    while not cases.run(case, [one for one in found if is_alive(one)], is_alive, met):
        pass
    return case
