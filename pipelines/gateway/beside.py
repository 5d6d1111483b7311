"""What is published beside a queue's files, each named as its file: what need not be served of it.

It is there before the file is. Without it a site gets older versions, and its own changes, too.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path


class Superseded:
    """The lines of a site's queue that later ones of the same record supersede (rule R12)."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers: list[int] = []  # in order

    def take(self, names: Iterable[str]) -> None:
        """Take up what stands beside newly published files."""
        if found := {number for (number,) in _read(self._folder, names)}:
            self._numbers = sorted(found.union(self._numbers))

    def __contains__(self, number: int) -> bool:
        """Whether a later line supersedes the one of this number."""
        place = bisect_left(self._numbers, number)
        return self._numbers[place : place + 1] == [number]

    def after(self, number: int) -> int:
        """How many lines after a number are superseded."""
        return len(self._numbers) - bisect_right(self._numbers, number)


class Origin:
    """Whose the central log's lines are, where they are a site's (rule R11)."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._runs: list[tuple[int, ...]] = []  # first and last number, site; in order

    def take(self, names: Iterable[str]) -> None:
        """Take up what stands beside newly published files."""
        if found := list(_read(self._folder, names)):
            self._runs = sorted(self._runs + found)

    def of(self, number: int) -> int | None:
        """The site whose change a line is; None where it is the hub's or nothing is known."""
        place = bisect_right(self._runs, (number, 1 << 62)) - 1
        if place < 0:
            return None
        _, last, site = self._runs[place]
        return site if number <= last else None


def _read(folder: Path, names: Iterable[str]) -> Iterator[tuple[int, ...]]:
    """The numbers of each line of the files that are there."""
    for name in names:
        with suppress(FileNotFoundError):
            for line in (folder / name).read_text(encoding="ascii").splitlines():
                yield tuple(map(int, line.split()))
