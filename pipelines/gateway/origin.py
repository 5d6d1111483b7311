"""Whose the central log's lines are: a site's own changes are left out for it (rule R11)."""

import threading
from bisect import bisect_right
from contextlib import suppress
from pathlib import Path

from pipelines.gateway.log import NAME


class Origin:
    """Runs of the central log's lines that came from one site, as published beside it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._changed = -1
        self._read: set[str] = set()
        self._runs: list[tuple[int, int, int]] = []  # first and last number, site; in order
        self._lock = threading.Lock()

    def refresh(self) -> None:
        """Take up what was published since; before the lines themselves, which come after it."""
        with suppress(FileNotFoundError), self._lock:
            changed = self.folder.stat().st_mtime_ns
            if changed == self._changed:
                return
            names = {path.name for path in self.folder.iterdir() if NAME.fullmatch(path.name)}
            for name in names - self._read:
                told = (self.folder / name).read_text(encoding="ascii").splitlines()
                self._runs += [(int(a), int(b), int(c)) for a, b, c in map(str.split, told)]
            self._runs.sort()
            self._read, self._changed = names, changed

    def of(self, number: int) -> int | None:
        """The site whose change a line is; None where it is the hub's or nothing is known."""
        place = bisect_right(self._runs, (number, 1 << 62, 0)) - 1
        if place < 0:
            return None
        _, last, site = self._runs[place]
        return site if number <= last else None
