"""What a command said: its status, its two streams; and whether it complains as it should."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Said:
    """What a command said, and its exit status."""

    status: int
    bytes: bytes
    err: str

    @property
    def out(self) -> str:
        return self.bytes.decode()

    @property
    def json(self) -> Any:
        """The one JSON value on stdout."""
        return json.loads(self.out)


Call = Callable[..., Said]


def complains(said: Said, *words: str, status: int = 1) -> None:
    """A command failed in a way that a person can read, and printed nothing to be parsed."""
    lines = said.err.strip().splitlines()
    assert said.status == status, said.err
    assert said.bytes == b""
    assert 1 <= len(lines) <= 3, said.err
    assert len(said.err) < 500, said.err
    assert "Traceback" not in said.err
    assert not [line for line in lines if line.lstrip().startswith("File ")]
    assert said.err.strip().endswith((".", "!")), said.err
    for word in words:
        assert word in said.err, said.err
