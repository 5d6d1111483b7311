"""A queue's published files, read in batches: a site's own or the central log."""

import json
import re
import threading
import time
from bisect import bisect_right
from dataclasses import dataclass
from pathlib import Path

from pipelines.gateway.beside import Origin, Superseded

NAME = re.compile(r"(\d{12})-(\d{12})\.ndjson")
UNSETTLED = 100_000_000  # nanoseconds within which a folder may change and its time stay
PLACES = 8  # of so many numbers it is remembered where their lines begin


@dataclass(frozen=True, order=True)
class File:
    """One published file: the numbers of its first and last line."""

    first: int
    last: int
    path: Path


class Log:
    """The files of one folder of the outbox; looked at again when the folder has changed.

    `last` is the number of the last line, `begin` that of the last reset: what is owed comes after.
    What stands beside its files is taken up with them.
    """

    def __init__(self, folder: Path, beside: Superseded | Origin) -> None:
        self.folder = folder
        self.last = self.begin = 0
        self._beside = beside
        self._files: list[File] = []
        self._seen = -1
        self._places: dict[int, tuple[Path, int]] = {}
        self._lock = threading.Lock()

    def refresh(self) -> None:
        """Take up files that were published since."""
        try:
            changed = self.folder.stat().st_mtime_ns
        except FileNotFoundError:
            return
        if changed == self._seen:
            return
        with self._lock:
            told = [NAME.fullmatch(path.name) for path in self.folder.iterdir()]
            files = sorted(File(int(m[1]), int(m[2]), self.folder / m[0]) for m in told if m)
            known = set(self._files)
            new = [file for file in files if file not in known]
            resets = [file.first for file in new if _is_reset(file.path)]
            self._beside.take(file.path.name for file in new)
            self._files = files
            self.last = max(self.last, files[-1].last if files else 0)
            self.begin = max([self.begin, *resets])
            self._seen = changed if time.time_ns() - changed > UNSETTLED else -1

    def after(self, number: int, limit: int) -> list[tuple[int, bytes]]:
        """At most `limit` lines after a number, each with its own, in order."""
        with self._lock:
            found: list[tuple[int, bytes]] = []
            wanted = number + 1
            place = bisect_right(self._files, wanted, key=lambda file: file.first) - 1
            for file in self._files[max(place, 0) :]:
                if len(found) >= limit:
                    break
                current, offset = file.first, 0
                if wanted in self._places and self._places[wanted][0] == file.path:
                    current, offset = wanted, self._places[wanted][1]
                with file.path.open("rb") as handle:
                    handle.seek(offset)
                    for line in handle:
                        if len(found) >= limit:
                            break
                        offset += len(line)
                        if current >= wanted:
                            found.append((current, line))
                            wanted = current + 1
                        current += 1
                self._remember(wanted, file.path, offset)
            return found

    def _remember(self, number: int, path: Path, offset: int) -> None:
        self._places.pop(number, None)
        self._places[number] = (path, offset)
        if len(self._places) > PLACES:
            del self._places[next(iter(self._places))]


class Queue(Log):
    """A site's own queue, and which of its lines need not be served."""

    def __init__(self, folder: Path, superseded: Path) -> None:
        self.superseded = Superseded(superseded)
        super().__init__(folder, self.superseded)


def _is_reset(path: Path) -> bool:
    """Whether a file begins with a reset, which stands first in its file."""
    with path.open("rb") as handle:
        line = handle.readline(200)
    return b'"reset"' in line and json.loads(line).get("action") == "reset"
