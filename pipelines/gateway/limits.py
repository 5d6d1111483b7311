"""How much one caller may ask for, at once and in a while: far above what sites do.

A site makes seven calls in five minutes, one after another, and some hundred a second while it
initialises; forty thousand of them behind one address make a thousand a second.
"""

import time
from dataclasses import dataclass, field

from pipelines.gateway.refused import Refused

Key = tuple[str, int | str]  # ("site", its number) or ("address", where it calls from)
AT_ONCE = {"site": 16, "address": 4_000}  # calls that are not answered yet
RATE = {"site": 300.0, "address": 5_000.0}  # calls a second, in the long run
SAVED = 20.0  # seconds at that rate that may be used up at once
KEPT = 10_000  # callers, beyond which those that rest are forgotten
BODIES = 256 << 20  # bytes of bodies that are held at once
SMALL = 1 << 20  # a body up to which is always taken


@dataclass
class Limits:
    """What callers have under way, and what they have used up of their rates."""

    open: dict[Key, int] = field(default_factory=dict)
    held: int = 0
    _used: dict[Key, tuple[float, float]] = field(default_factory=dict)

    def enter(self, key: Key) -> None:
        """Begin a call; Refused when its caller has too many under way, or made too many."""
        now = time.monotonic()
        used = self._used_now(key, now)
        if self.open.get(key, 0) >= AT_ONCE[key[0]] or used + 1 > RATE[key[0]] * SAVED:
            raise Refused(429, "too_many_requests", "Too many calls: try again in a minute")
        if len(self._used) > KEPT and key not in self._used:
            self._used = {one: self._used[one] for one in self._used if self._used_now(one, now)}
        self._used[key] = used + 1, now
        self.open[key] = self.open.get(key, 0) + 1

    def leave(self, key: Key) -> None:
        """End a call that was begun."""
        self.open[key] -= 1
        if not self.open[key]:
            del self.open[key]

    def hold(self, size: int, already: int) -> None:
        """Hold some more bytes of a body; Refused when there are too many of all callers."""
        if already + size > SMALL and self.held + size > BODIES:
            raise Refused(
                503, "central_is_busy", "The central has much to take in: try again later"
            )
        self.held += size

    def release(self, size: int) -> None:
        """Hold these bytes no more."""
        self.held -= size

    def _used_now(self, key: Key, now: float) -> float:
        used, since = self._used.get(key, (0.0, now))
        return max(used - (now - since) * RATE[key[0]], 0.0)
