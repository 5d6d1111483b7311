"""One call: who makes it, its body within limits, what is kept of it as a contact."""

from dataclasses import dataclass, field

from starlette.requests import Request

from pipelines.gateway.identity import Claim
from pipelines.gateway.limits import Key, Limits
from pipelines.gateway.refused import Refused

LARGEST = 64 << 20  # bytes of a body that brings records or a file
SHORT = 4 << 20  # of any other
VALUES = 8_000_000  # values in a body: what they take in memory is many times their text


@dataclass
class Call:
    """One call: who makes it (0: not proved), what it asks, what is kept of it as a contact."""

    request: Request
    claim: Claim
    limits: Limits
    site: int = 0
    records: int = 0
    error: str = ""
    _held: int = 0
    _entered: list[Key] = field(default_factory=list)

    def enter(self, key: Key) -> None:
        """Count the call as one of a caller's; Refused when it has too many."""
        self.limits.enter(key)
        self._entered.append(key)

    def leave(self) -> None:
        """The call is answered."""
        self.limits.release(self._held)
        for key in self._entered:
            self.limits.leave(key)

    def hold(self, size: int) -> None:
        """Count bytes of its body as held until it is answered."""
        self.limits.hold(size, self._held)
        self._held += size

    def told_length(self, most: int = LARGEST) -> int:
        """The length that its body is said to have, 0 if it is not; Refused if it is too long."""
        told = self.request.headers.get("content-length", "0")
        if not told.isdecimal() or int(told[-19:]) > most or len(told) > 19:
            raise too_long(most)
        return int(told)

    async def body(self, most: int = SHORT) -> bytes:
        """The body, whatever its content type; Refused when it is too long, or packed."""
        if self.request.headers.get("content-encoding", "identity") != "identity":
            raise Refused(415, "malformed_request", "The body must not be packed")
        self.told_length(most)
        parts, size = [], 0
        async for part in self.request.stream():
            size += len(part)
            if size > most:
                raise too_long(most)
            self.hold(len(part))
            parts.append(part)
        body = b"".join(parts)
        if size > VALUES and sum(body.count(sign) for sign in (b"[", b"{", b",")) > VALUES:
            raise Refused(413, "malformed_request", "The body has more than 8 million values")
        return body


def too_long(most: int) -> Refused:
    """A body is longer than it may be."""
    return Refused(413, "malformed_request", f"The body is longer than {most >> 20} MiB")
