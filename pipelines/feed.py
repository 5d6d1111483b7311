"""Segments: which wait, in which order, and their lines in bulk; the dlt source of a cycle."""

import hashlib
import io
import os
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from pipelines import lines, packed
from pipelines.lines import Piece

SUFFIXES = (".ndjson", ".ndjson.gz", ".ndjson.zst")
TABLE = 64 << 20  # bytes of lines handed on at a time


@dataclass(frozen=True)
class Segment:
    """One segment: who sent it, its name, and where its file is now."""

    site: int
    name: str
    path: Path


@dataclass
class Told:
    """What one pass over a segment tells: sha256 and physical lines of its content, file bytes.

    Of a compressed segment that is cut, `damage` says how, the sha256 is the file's, lines are 1.
    """

    sha256: str
    lines: int
    bytes: int
    damage: str | None = None


def waiting(inbox: Path, central: int, primary: int) -> list[Segment]:
    """The segments that wait, in the order of a cycle: central's, primary's, then by site number.

    Within a site by name. Files whose names start with '.' or end otherwise than a segment's are
    left alone, as are folders that are no site's number.
    """
    with os.scandir(inbox) as entries:
        sites = sorted(
            (int(entry.name) for entry in entries if is_site_folder(entry)),
            key=lambda site: (site != central, site != primary, site),
        )
    found = []
    for site in sites:
        folder = inbox / str(site)
        with os.scandir(folder) as entries:
            names = sorted(entry.name for entry in entries if is_segment(entry))
        found += [Segment(site, name, folder / name) for name in names]
    return found


def is_waiting(inbox: Path) -> bool:
    """Whether any segment waits."""
    with os.scandir(inbox) as folders:
        for folder in filter(is_site_folder, folders):
            with os.scandir(folder) as entries:
                if any(map(is_segment, entries)):
                    return True
    return False


def is_site_folder(entry: os.DirEntry[str] | Path) -> bool:
    """Whether a folder's name is a site's number: positive, without leading zeros."""
    return bool(re.fullmatch(r"[1-9][0-9]{0,8}", entry.name)) and entry.is_dir()


def is_segment(entry: os.DirEntry[str] | Path) -> bool:
    """Whether a file is a complete segment, by its name."""
    return not entry.name.startswith(".") and entry.name.endswith(SUFFIXES) and entry.is_file()


def tell(segment: Segment) -> Told:
    """Read a segment once, whole, for what it tells; its lines are passed over."""
    told: list[Told] = []
    for _ in _pieces(0, segment, told):
        pass
    return told[0]


def read(segments: list[Segment], told: list[Told]) -> Iterator[pa.Table]:
    """The lines of segments, as Arrow tables of lines.LINES, some 64 MiB each; `told` is filled.

    A segment's number is its place in the list. Of a segment that turns out to be damaged, lines
    may have been given already: `told` says so.
    """
    pieces = (
        piece for number, segment in enumerate(segments) for piece in _pieces(number, segment, told)
    )
    tables = lines.tables(pieces, TABLE)
    with ThreadPoolExecutor(1) as reader:  # makes one while the last one is being used
        coming = reader.submit(next, tables, None)
        while (table := coming.result()) is not None:
            coming = reader.submit(next, tables, None)
            yield table


def _pieces(number: int, segment: Segment, told: list[Told]) -> Iterator[Piece]:
    """The lines of one segment in pieces that end at line ends; what it tells comes last."""
    sha = hashlib.sha256()
    size = segment.path.stat().st_size
    first = 1
    try:
        for content in _whole_lines(packed.blocks(segment.path, segment.name), sha):
            piece = Piece(number, first, content.count(b"\n"), content)
            first += piece.lines
            yield piece
        told.append(Told(sha.hexdigest(), first - 1, size))
    except packed.DamagedError as error:
        with segment.path.open("rb") as handle:
            whole = hashlib.file_digest(handle, "sha256").hexdigest()
        told.append(Told(whole, 1, size, str(error)))


def _whole_lines(blocks: Iterator[bytes], sha: "hashlib._Hash") -> Iterator[bytes]:
    """Blocks cut anew at line ends, the last line ended; a line too long is cut short."""
    carry, skipping = io.BytesIO(), False
    for block in blocks:
        sha.update(block)
        end = block.rfind(b"\n") + 1
        if not end:
            if not skipping:
                carry.write(block)
            skipping = skipping or carry.tell() > lines.LONGEST
            continue
        begin = 0
        if skipping or carry.tell():
            begin = block.find(b"\n") + 1
            if not skipping:
                carry.write(block[: begin - 1])
            yield carry.getvalue() + b"\n"
            carry, skipping = io.BytesIO(), False
        if begin < end:
            yield block[begin:end]
        carry.write(block[end:])
    if carry.tell():
        yield carry.getvalue() + b"\n"
