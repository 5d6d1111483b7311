"""What a client is told when it does not get what it asked for: the protocol's error codes."""

from dataclasses import dataclass
from typing import Any


@dataclass
class Refused(Exception):
    """An answer that is no success: HTTP status, code and message as clients of v5 know them."""

    status: int
    code: str
    message: str
    data: Any = None

    def body(self) -> dict[str, Any]:
        """The body of the answer (protocol v5, 1.2)."""
        return {"error": {"code": self.code, "message": self.message, "data": self.data}}


def malformed(why: str) -> Refused:
    """The body or a parameter is not what the protocol says."""
    return Refused(400, "malformed_request", why)
