"""Segments: which wait, in which order, and their lines in bulk; the dlt source of a cycle."""

import gzip
import hashlib
import io
import re
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, Protocol

import numpy as np
import pyarrow as pa
import zstandard

SUFFIXES = (".ndjson", ".ndjson.gz", ".ndjson.zst")
BLOCK = 16 << 20  # bytes read at a time
TABLE = 64 << 20  # bytes of lines handed on at a time
LONGEST = 64 << 20  # bytes a line may have
SHOWN = 1000  # characters kept of a line that is longer

LINES = pa.schema(
    [("segment", pa.int32()), ("line", pa.int64()), ("text", pa.string()), ("problem", pa.string())]
)


class DamagedError(Exception):
    """A compressed segment that is cut or damaged; its text says how."""


class _Readable(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...


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
    sites = sorted(
        (int(folder.name) for folder in inbox.iterdir() if is_site_folder(folder)),
        key=lambda site: (site != central, site != primary, site),
    )
    return [
        Segment(site, path.name, path)
        for site in sites
        for path in sorted((inbox / str(site)).iterdir(), key=lambda path: path.name)
        if is_segment(path)
    ]


def is_site_folder(folder: Path) -> bool:
    """Whether a folder's name is a site's number: positive, without leading zeros."""
    return bool(re.fullmatch(r"[1-9][0-9]{0,8}", folder.name)) and folder.is_dir()


def is_segment(path: Path) -> bool:
    """Whether a file is a complete segment, by its name."""
    return not path.name.startswith(".") and path.name.endswith(SUFFIXES) and path.is_file()


@dataclass
class _Zstd:
    """A zstd stream that fails at a cut, which the library's own reader takes for an end."""

    raw: BinaryIO

    def __post_init__(self) -> None:
        self.part = zstandard.ZstdDecompressor(max_window_size=1 << 27).decompressobj()
        self.rest = b""
        self.begun = False

    def read(self, size: int = -1, /) -> bytes:
        while True:
            packed = self.rest or self.raw.read(1 << 20)
            self.rest = b""
            if not packed:
                if self.begun and not self.part.eof:
                    raise zstandard.ZstdError("the stream is cut")
                return b""
            if self.part.eof:
                self.part = zstandard.ZstdDecompressor(max_window_size=1 << 27).decompressobj()
            self.begun = True
            plain = self.part.decompress(packed)
            self.rest = self.part.unused_data if self.part.eof else b""
            if plain:
                return plain


def _blocks(segment: Segment) -> Iterator[bytes]:
    """The content in blocks of some 16 MiB; DamagedError where a compressed one is cut."""
    with segment.path.open("rb") as raw:
        stream: _Readable = raw
        if segment.name.endswith(".gz"):
            stream = gzip.GzipFile(fileobj=raw)
        elif segment.name.endswith(".zst"):
            stream = _Zstd(raw)
        try:
            if stream is not raw and segment.path.stat().st_size == 0:
                raise DamagedError("the file is empty")
            while block := stream.read(BLOCK):
                yield block
        except (EOFError, gzip.BadGzipFile, zlib.error, zstandard.ZstdError) as error:
            raise DamagedError(f"the compressed file is cut or damaged: {error}") from error


def tell(segment: Segment) -> Told:
    """Read a segment once, whole, for what it tells; its lines are passed over."""
    told: list[Told] = []
    for _ in read([segment], told):
        pass
    return told[0]


def read(segments: list[Segment], told: list[Told]) -> Iterator[pa.Table]:
    """The lines of segments, as Arrow tables of LINES, some 64 MiB each; `told` is filled.

    A segment's number is its place in the list. Of a segment that turns out to be damaged, lines
    may have been given already: `told` says so.
    """
    tables = _tables(segments, told)
    with ThreadPoolExecutor(1) as reader:  # makes one while the last one is being used
        coming = reader.submit(next, tables, None)
        while (table := coming.result()) is not None:
            coming = reader.submit(next, tables, None)
            yield table


def _tables(segments: list[Segment], told: list[Told]) -> Iterator[pa.Table]:
    held: list[pa.Table] = []
    size = 0
    for number, segment in enumerate(segments):
        for table in _lines(number, _pieces(segment), told):
            held.append(table)
            size += table.nbytes
            if size >= TABLE:
                yield pa.concat_tables(held)
                held, size = [], 0
    if held:
        yield pa.concat_tables(held)


def _pieces(segment: Segment) -> Iterator[bytes | Told]:
    """A segment's blocks in their order, and after them what they told, lines apart."""
    size = segment.path.stat().st_size
    sha = hashlib.sha256()
    try:
        for block in _blocks(segment):
            sha.update(block)
            yield block
        yield Told(sha.hexdigest(), 0, size)
    except DamagedError as error:
        with segment.path.open("rb") as handle:
            whole = hashlib.file_digest(handle, "sha256").hexdigest()
        yield Told(whole, 1, size, str(error))


def _lines(number: int, pieces: Iterator[bytes | Told], told: list[Told]) -> Iterator[pa.Table]:
    """The lines of one segment in tables that end at line ends; a line too long is cut short."""
    carry, first, skipping = io.BytesIO(), 1, False
    for piece in pieces:
        if isinstance(piece, Told):
            if carry.tell() and not piece.damage:
                yield _table(number, first, carry.getvalue() + b"\n")
                first += 1
            told.append(piece if piece.damage else replace(piece, lines=first - 1))
            return
        block, end = piece, piece.rfind(b"\n")
        if end < 0:
            if not skipping:
                carry.write(block)
            skipping = skipping or carry.tell() > LONGEST
            continue
        if skipping or carry.tell():
            cut = block.find(b"\n")
            if not skipping:
                carry.write(block[:cut])
            yield _table(number, first, carry.getvalue() + b"\n")
            first, carry, skipping = first + 1, io.BytesIO(), False
            block, end = block[cut + 1 :], end - cut - 1
        if end >= 0:
            table = _table(number, first, block[: end + 1])
            first += table.num_rows
            yield table
        carry.write(block[end + 1 :])


def _table(number: int, first: int, content: bytes) -> pa.Table:
    """Lines of `content` (which ends with a line end) without a copy, numbered from `first`."""
    if b"\r" in content:  # much faster to find than the two bytes to replace
        content = content.replace(b"\r\n", b"\n")
    ends = np.flatnonzero(np.frombuffer(content, np.uint8) == 10)
    starts = np.zeros(len(ends) + 1, np.int32)
    starts[1:] = ends + 1
    problem: pa.Array = pa.nulls(len(ends), pa.string())
    offsets, buffer = pa.py_buffer(starts), pa.py_buffer(content)
    text = pa.StringArray.from_buffers(len(ends), offsets, buffer)
    if not _is_utf8(text) or int(np.diff(starts).max()) > LONGEST:
        raw = pa.BinaryArray.from_buffers(pa.binary(), len(ends), [None, offsets, buffer])
        told = [_decoded(line.as_py()) for line in raw]
        text = pa.array([line for line, _ in told], pa.string())
        problem = pa.array([why for _, why in told], pa.string())
    return pa.table(
        [
            pa.array(np.full(len(ends), number, np.int32)),
            pa.array(np.arange(first, first + len(ends), dtype=np.int64)),
            text,
            problem,
        ],
        schema=LINES,
    )


def _is_utf8(text: pa.StringArray) -> bool:
    try:
        text.validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def _decoded(line: bytes) -> tuple[str, str | None]:
    """A line's text, and what is wrong with it if it is no UTF-8 or too long."""
    if len(line) > LONGEST:
        return line[:SHOWN].decode(errors="backslashreplace"), "the line is longer than 64 MiB"
    try:
        return line.decode(), None
    except UnicodeDecodeError as error:
        return line.decode(errors="backslashreplace"), f"not UTF-8 at byte {error.start + 1}"
