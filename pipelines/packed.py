"""A segment's content in blocks, unpacked where its name says that it is packed."""

import gzip
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

import zstandard

BLOCK = 16 << 20  # bytes read at a time


class DamagedError(Exception):
    """A compressed segment that is cut or damaged; its text says how."""


class _Readable(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...


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


def blocks(path: Path, name: str) -> Iterator[bytes]:
    """The content of the segment `name` at `path`, in blocks of some 16 MiB.

    DamagedError where a compressed one is cut; blocks may have been given before.
    """
    with path.open("rb") as raw:
        stream: _Readable = raw
        if name.endswith(".gz"):
            stream = gzip.GzipFile(fileobj=raw)
        elif name.endswith(".zst"):
            stream = _Zstd(raw)
        try:
            if stream is not raw and path.stat().st_size == 0:
                raise DamagedError("the file is empty")
            while block := stream.read(BLOCK):
                yield block
        except (EOFError, gzip.BadGzipFile, zlib.error, zstandard.ZstdError) as error:
            raise DamagedError(f"the compressed file is cut or damaged: {error}") from error
