"""Lines in bulk: pieces of segments as Arrow tables, a row a line, without a loop over lines."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

LONGEST = 64 << 20  # bytes a line may have
SHOWN = 1000  # characters kept of a line that is longer
TOGETHER = 1 << 20  # bytes from which on a piece is a table of its own

LINES = pa.schema(
    [("segment", pa.int32()), ("line", pa.int64()), ("text", pa.string()), ("problem", pa.string())]
)


@dataclass(frozen=True, slots=True)
class Piece:
    """Whole lines of one segment: its place among a cycle's, their first line's number, bytes.

    `content` ends with a line end; `lines` is how many it has.
    """

    segment: int
    first: int
    lines: int
    content: bytes


def tables(pieces: Iterable[Piece], size: int) -> Iterator[pa.Table]:
    """Pieces as tables of LINES, of some `size` bytes each; small pieces go together."""
    held: list[pa.Table] = []
    weight = 0
    for few in _together(pieces):
        held.append(_table(few))
        weight += held[-1].nbytes
        if weight >= size:
            yield pa.concat_tables(held)
            held, weight = [], 0
    if held:
        yield pa.concat_tables(held)


def _together(pieces: Iterable[Piece]) -> Iterator[list[Piece]]:
    held: list[Piece] = []
    weight = 0
    for piece in pieces:
        held.append(piece)
        weight += len(piece.content)
        if weight >= TOGETHER:
            yield [*held]
            held.clear()
            weight = 0
    if held:
        yield held


def _table(pieces: list[Piece]) -> pa.Table:
    """The lines of pieces; of a single piece without a copy."""
    content = b"".join([piece.content for piece in pieces])
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
    lines = np.array([piece.lines for piece in pieces])
    before = np.array([piece.first for piece in pieces]) - (np.cumsum(lines) - lines)
    segments = np.array([piece.segment for piece in pieces], np.int32)
    numbers = np.repeat(before, lines) + np.arange(len(ends))
    return pa.table(
        [pa.array(np.repeat(segments, lines)), pa.array(numbers, pa.int64()), text, problem],
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
