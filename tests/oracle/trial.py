"""Tries histories on the hub and the model, and shrinks one in which they differ."""

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

from . import compare, drive
from .compare import Difference
from .history import History, Segment, Step
from .model import Options

PACK = 50  # histories that share a hub


@dataclass(frozen=True)
class Trial:
    """What histories are tried with: the hub's settings; `whole`: cycles as a process has them."""

    options: Options
    whole: bool = False

    def differing(self, histories: Sequence[History]) -> dict[int, list[Difference]]:
        """Where hub and model differ first, by the history's place; all share one hub."""
        folder = Path(tempfile.mkdtemp(prefix="oracle-"))
        try:
            with drive.opened(folder / "home", self.options, len(histories), self.whole) as pair:
                for turn, steps in enumerate(chain([[]], drive.padded(histories))):
                    if turn:
                        pair.step(steps)
                    found: dict[int, list[Difference]] = {}
                    for difference in compare.differences(pair):
                        found.setdefault(difference.world or 0, []).append(difference)
                    if found:
                        return found
            return {}
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def shrunk(self, history: History) -> tuple[History, list[Difference]]:
        """The smallest history found in which hub and model still differ, and how."""
        found = self.differing([history]).get(0, [])
        while found:
            for candidates in batches(list(smaller(history)), 24):
                if told := self.differing(candidates):
                    at = min(told)
                    history, found = candidates[at], told[at]
                    break
            else:
                break
        return history, found


def batches(histories: Sequence[History], size: int) -> Iterator[Sequence[History]]:
    """The same histories, so many at a time."""
    for at in range(0, len(histories), size):
        yield histories[at : at + size]


def smaller(history: History) -> Iterator[History]:
    """The same history without some steps, a segment, a line, or something of a step."""
    steps = history.steps
    for size in (len(steps) // 2, 1):
        for at in range(0, len(steps) if size else 0, max(size, 1)):
            if rest := steps[:at] + steps[at + size :]:
                yield History(rest)
    for at, step in enumerate(steps):
        for simpler in smaller_steps(step):
            yield History((*steps[:at], simpler, *steps[at + 1 :]))


def smaller_steps(step: Step) -> Iterator[Step]:
    """The same step without something."""
    segments = step.segments
    for at, segment in enumerate(segments):
        yield replace(step, segments=segments[:at] + segments[at + 1 :])
        for line in range(len(segment.lines)):
            if rest := segment.lines[:line] + segment.lines[line + 1 :]:
                told = Segment(segment.site, rest)
                yield replace(step, segments=(*segments[:at], told, *segments[at + 1 :]))
    if step.days != 1:
        yield replace(step, days=1)
    if step.retry:
        yield replace(step, retry=0)
    if step.crash:
        yield replace(step, crash="")
    for at in range(len(step.initialise)):
        yield replace(step, initialise=step.initialise[:at] + step.initialise[at + 1 :])
