"""The end of guessing: who failed too often is not listened to for a while."""

import time
from dataclasses import dataclass, field

OF_NAME = 5  # so many failures of one name from one address lock it out
OF_ADDRESS = 50  # so many of one address, whatever the name
LOCKED = 300.0  # seconds for which
KEPT = 10_000  # names that failed, beyond which those of long ago are dropped


@dataclass
class Guesses:
    """Failures by (name, address); the name is empty for those of an address in all."""

    failed: dict[tuple[str, str], list[float]] = field(default_factory=dict)

    def locked(self, name: str, address: str) -> float:
        """For how many seconds a name is still locked out from an address; 0: it is not."""
        for key, most in (((name, address), OF_NAME), (("", address), OF_ADDRESS)):
            recent = self._recent(key)
            if len(recent) >= most:
                return max(recent[-most] + LOCKED - time.monotonic(), 1.0)
        return 0.0

    def fail(self, name: str, address: str) -> None:
        """Note a failure."""
        if len(self.failed) > KEPT:
            for key in list(self.failed):
                self._recent(key)
        for key in ((name, address), ("", address)):
            self.failed[key] = [*self._recent(key), time.monotonic()][-OF_ADDRESS:]

    def forgive(self, name: str, address: str) -> None:
        """Take the last failure back: it was none."""
        for key in ((name, address), ("", address)):
            if recent := self._recent(key):
                self.failed[key] = recent[:-1]

    def _recent(self, key: tuple[str, str]) -> list[float]:
        since = time.monotonic() - LOCKED
        recent = [at for at in self.failed.get(key, ()) if at > since]
        if recent:
            self.failed[key] = recent
        else:
            self.failed.pop(key, None)
        return recent
