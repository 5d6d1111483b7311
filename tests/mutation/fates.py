"""What becomes of each mutant: shared by the processes, each of which takes a case at a time."""

import hashlib
import json
from collections.abc import MutableSequence
from pathlib import Path

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


def keep(path: Path, found: list[Mutant], fates: Fates) -> None:
    """Keep in a file which mutants were killed, so that a run can go on where another stopped."""
    killed = [_digest(one) for one, fate in zip(found, fates, strict=True) if fate == KILLED]
    part = path.with_name(f"{path.name}.part")  # a run that is stopped just here keeps the old file
    part.write_text(json.dumps(killed), encoding="utf-8")
    part.replace(path)


def take_up(path: Path, found: list[Mutant], fates: Fates) -> None:
    """Take up what a file says, of mutants whose SQL is what it was, word for word."""
    if path.exists():
        killed = set(json.loads(path.read_text(encoding="utf-8")))
        fates[:] = [KILLED if _digest(one) in killed else 0 for one in found]


def _digest(mutant: Mutant) -> str:
    return hashlib.sha256(f"{mutant.model}\n{mutant.text}".encode()).hexdigest()


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

    while not cases.run(case, found, is_alive, met):
        pass
    return case
