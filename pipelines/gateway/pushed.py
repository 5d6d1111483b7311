"""What a site pushes: batches gathered in a file beside, a segment of the inbox when complete."""

import hashlib
import json
import os
import re
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from pipelines.gateway.refused import malformed
from pipelines.home import Home

MOST = 100_000  # records in a batch, a hundred times what a client sends
PART = ".push.part"  # a site's batches until its push is complete
_SPACE = re.compile(r"[ \t\r\n]*")
_BREAKS = re.compile(r"[\r\n]+")
_DECODER = json.JSONDecoder()


@dataclass(frozen=True)
class Batch:
    """One batch: how many the site still has to push, this batch's included, and its lines."""

    queue_length: int
    lines: list[str]
    highest: int

    @property
    def content(self) -> bytes:
        """The lines as a feed has them."""
        return "".join(f"{line}\n" for line in self.lines).encode()


def parsed(body: bytes) -> Batch:
    """A body of `POST queued_records`; each record stays the very text that it came as.

    Refused when it is no such object. What a record is worth is judged by the cycle.
    """
    try:
        text = body.decode("utf-8")
        told, lines, numbers = _members(text)
    except UnicodeDecodeError as error:
        raise malformed(f"The body is not UTF-8 at byte {error.start + 1}") from error
    except (ValueError, RecursionError, IndexError) as error:
        raise malformed("The body is not a JSON object as the protocol has it") from error
    length = told.get("queueLength")
    if not isinstance(length, int) or isinstance(length, bool) or length < 0:
        raise malformed("queueLength is missing or no whole number")
    return Batch(length, lines, max(numbers, default=0))


def _members(text: str) -> tuple[dict[str, Any], list[str], list[int]]:
    """The members of an object but for `data`, whose elements come as texts."""
    told: dict[str, Any] = {}
    lines: list[str] = []
    numbers: list[int] = []
    at = _after(text, 0, "{")
    while text[at] != "}":
        name, at = _DECODER.raw_decode(text, at)
        at = _after(text, at, ":")
        if name == "data" and text[at] == "[":
            at = _after(text, at, "[")
            while text[at] != "]":
                record, end = _DECODER.raw_decode(text, at)
                lines.append(_BREAKS.sub(" ", text[at:end]))
                numbers.append(_number(record))
                if len(lines) > MOST:
                    raise malformed(f"A batch has more than {MOST:,} records")
                at = _next(text, end, "]")
            at = _skip(text, at + 1)
        else:
            told[name], at = _DECODER.raw_decode(text, at)
            at = _skip(text, at)
        at = _next(text, at, "}")
    if _skip(text, at + 1) != len(text):
        raise ValueError("something follows the object")
    return told, lines, numbers


def _skip(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _after(text: str, at: int, sign: str) -> int:
    at = _skip(text, at)
    if text[at] != sign:
        raise ValueError(f"no {sign}")
    return _skip(text, at + 1)


def _next(text: str, at: int, end: str) -> int:
    """The place of the next member, or of the end."""
    at = _skip(text, at)
    if text[at] == end:
        return at
    at = _after(text, at, ",")
    if text[at] == end:
        raise ValueError("a comma before the end")
    return at


def _number(record: object) -> int:
    """A site's own number of a change: its place in the site's log of changes."""
    told = record.get("syncOutId") if isinstance(record, dict) else None
    return int(told) if isinstance(told, str) and re.fullmatch(r"[0-9]{1,18}", told) else 0


class Pushes:
    """The pushes that are under way, a file a site; each batch is on the disk before the answer."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._locks: dict[int, threading.Lock] = {}
        self._last: dict[int, bytes] = {}
        self._name = 0
        self._guard = threading.Lock()

    def take(self, site: int, batch: Batch) -> Path | None:
        """Keep a batch; the segment that it completes, if it completes one with anything in it.

        A batch that is posted again at once, because its answer was lost, is kept once.
        """
        with self._guard:
            lock = self._locks.setdefault(site, threading.Lock())
        with lock:
            if batch.lines:
                self._append(site, batch.content)
            return self.complete(site) if batch.queue_length == 0 else None

    def complete(self, site: int) -> Path | None:
        """Make a segment of what was gathered."""
        self._last.pop(site, None)
        part = self._home.inbox / str(site) / PART
        if not part.exists():
            return None
        target = part.with_name(f"{self._next_name():020d}.ndjson")
        part.rename(target)
        _sync(part.parent)
        return target

    def begun(self, site: int) -> bool:
        """Whether a push of a site is under way, perhaps since before the gateway was started."""
        return site in self._last or (self._home.inbox / str(site) / PART).exists()

    def _append(self, site: int, content: bytes) -> None:
        digest = hashlib.sha256(content).digest()
        if self._last.get(site) == digest:
            return
        folder = self._home.inbox / str(site)
        if not folder.is_dir():
            folder.mkdir(parents=True, exist_ok=True)
            _sync(folder.parent)
        known = self._last.pop(site, None)  # until this batch is on the disk, the end is in doubt
        with (folder / PART).open("a+b") as part:
            if known is None:
                _cut_torn(part)
            part.write(content)
            part.flush()
            os.fsync(part.fileno())
        self._last[site] = digest

    def _next_name(self) -> int:
        """A number above all before it, so that segments stand in the order of their pushes."""
        with self._guard:
            self._name = max(self._name + 1, time.time_ns())
            return self._name


def _cut_torn(part: BinaryIO) -> None:
    """Take off what a gateway that was killed wrote of a line; its batch was never answered."""
    size = part.seek(0, os.SEEK_END)
    end = size
    while end and _byte(part, end - 1) != b"\n":
        block = max(0, end - 65_536)
        part.seek(block)
        found = part.read(end - block).rfind(b"\n")
        end = block + found + 1 if found >= 0 else block
    if end < size:
        part.truncate(end)
    part.seek(0, os.SEEK_END)


def _byte(part: BinaryIO, at: int) -> bytes:
    part.seek(at)
    return part.read(1)


def _sync(folder: Path) -> None:
    """Make a rename in a folder last through a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
