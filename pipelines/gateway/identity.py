"""Who calls: credentials, the one device of a site, and the end of guessing."""

import base64
import binascii
import hashlib
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass

from anyio import CapacityLimiter, to_thread

from pipelines.admin import credentials
from pipelines.admin.credentials import LONGEST
from pipelines.gateway.guesses import Guesses
from pipelines.gateway.refused import Refused
from pipelines.gateway.state import State

# Seconds for which a verified password need not be verified again, as long as the site keeps its
# hash: verifying takes a good part of a core, and a site syncs every five minutes.
REMEMBERED = 3600.0
AT_ONCE = 2  # passwords that are verified at once: each takes 19 MiB, and a core
OLDEST = 1  # the oldest version of the protocol that is spoken
(NONE,) = credentials.hashed([""])  # what is verified for who is not known, which takes as long


@dataclass(frozen=True)
class Claim:
    """What a caller says of itself; `sent` is the sha256 of its password, in hex."""

    name: str
    sent: str
    hardware: str | None
    version: str
    app_name: str
    app_version: str
    address: str


def claimed(headers: Mapping[str, str], address: str) -> Claim:
    """The claim in the headers of a v5 call (protocol v5, 1); Refused when there is none."""
    kind, _, told = headers.get("authorization", "").partition(" ")
    try:
        plain = base64.b64decode(told, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        plain = ""
    name, colon, sent = plain.partition(":")
    if kind.lower() != "basic" or not colon:
        raise Refused(401, "site_name_not_found", "Site name and password are missing")
    return Claim(
        name,
        sent,
        headers.get("msupply-site-uuid"),
        headers.get("version", ""),
        headers.get("app-name", "")[:100],
        headers.get("app-version", "")[:100],
        address,
    )


def unproved(address: str) -> Claim:
    """The claim of who has not said yet who it is."""
    return Claim("", "", None, "", "", "", address)


class Identity:
    """Verifies claims. A verified password is remembered for an hour, as a digest of it."""

    def __init__(self, state: State, guesses: Guesses) -> None:
        self._state, self.guesses = state, guesses
        self._verified: dict[bytes, float] = {}
        self._verifying = CapacityLimiter(AT_ONCE)

    async def site(self, claim: Claim, device: bool = True) -> int:
        """The number of the site that the claim proves to be; Refused when it proves none.

        With `device` the site is bound to the device that it calls from first (rule I4).
        """
        if len(claim.name) > LONGEST or len(claim.sent) > LONGEST:
            raise Refused(401, "site_name_not_found", "There is no site of this name")
        if self.guesses.locked(claim.name, claim.address):
            raise Refused(
                403, "site_auth_timeout", "Too many failed attempts: try again in five minutes"
            )
        known = self._state.credentials(claim.name)
        if not await self._proves(claim.sent, known[1] if known else NONE) or known is None:
            self.guesses.fail(claim.name, claim.address)
            if known is None:
                raise Refused(401, "site_name_not_found", "There is no site of this name")
            raise Refused(401, "site_incorrect_password", "Site password is incorrect")
        site, _, bound = known
        if device:
            if not claim.hardware or len(claim.hardware) > LONGEST:
                raise Refused(
                    401, "site_incorrect_hardware_id", "The site's hardware ID is missing"
                )
            if bound is None:
                bound = await to_thread.run_sync(self._state.bind, site, claim.hardware)
            if bound != claim.hardware:
                raise Refused(
                    401,
                    "site_incorrect_hardware_id",
                    "Site hardware ID does not match: this site syncs from another device",
                )
            if not re.fullmatch(r"[0-9]{1,9}", claim.version) or int(claim.version) < OLDEST:
                raise Refused(
                    409,
                    "api_version_incompatible",
                    f"Sync API version {claim.version[:20] or 'none'} is not supported",
                    {"major": OLDEST, "minor": 0},
                )
        return site

    def named(self, claim: Claim) -> int | None:
        """The site whose name a claim has, proved or not."""
        known = self._state.credentials(claim.name)
        return known[0] if known else None

    async def _proves(self, sent: str, stored: str) -> bool:
        digest = hashlib.sha256(f"{stored}\0{sent}".encode()).digest()
        now = time.monotonic()
        if self._verified.get(digest, 0.0) > now:
            return True
        if len(self._verified) > 100_000:
            self._verified = {key: end for key, end in self._verified.items() if end > now}
        if not await to_thread.run_sync(
            credentials.verified, stored, sent, limiter=self._verifying
        ):
            return False
        self._verified[digest] = now + REMEMBERED
        return True
