"""Who is let in at which path: every call proves who makes it, and is kept as a contact."""

import sqlite3
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from prometheus_client import Histogram
from prometheus_client.registry import CollectorRegistry
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from pipelines import settings
from pipelines.errors import MainstemError
from pipelines.gateway import v6
from pipelines.gateway.answers import answered
from pipelines.gateway.contacts import Contacts
from pipelines.gateway.guesses import Guesses
from pipelines.gateway.identity import Claim, Identity, claimed, unproved
from pipelines.gateway.refused import Refused, malformed
from pipelines.gateway.state import Contact, State

CODES = (  # errors that are counted by name
    *("site_name_not_found", "site_incorrect_password", "site_incorrect_hardware_id"),
    *("site_auth_timeout", "api_version_incompatible", "malformed_request"),
)
LARGEST = 64 << 20  # bytes of a body
TROUBLES = (MainstemError, OSError, sqlite3.Error)  # ours, not the caller's
TROUBLE = Refused(500, "central_error", "The central has trouble; try again later")


@dataclass
class Call:
    """One call: who makes it (0: not proved), what it asks, what is kept of it as a contact."""

    request: Request
    claim: Claim
    site: int = 0
    records: int = 0
    error: str = ""

    async def body(self) -> bytes:
        """The body, whatever its content type; Refused when it is longer than 64 MiB, or packed."""
        headers = self.request.headers
        if headers.get("content-encoding", "identity") != "identity":
            raise Refused(415, "malformed_request", "The body must not be packed")
        too_long = Refused(413, "malformed_request", "The body is longer than 64 MiB")
        told = headers.get("content-length", "0")
        if not told.isdecimal() or len(told) > 12 or int(told) > LARGEST:
            raise too_long
        parts, size = [], 0
        async for part in self.request.stream():
            size += len(part)
            if size > LARGEST:
                raise too_long
            parts.append(part)
        return b"".join(parts)


V5Handler = Callable[[Call], Awaitable[Any]]
Work = Callable[[Call], Awaitable[Response]]


class Door:
    """Makes the routes of calls that only a site may make."""

    def __init__(self, state: State) -> None:
        self.guesses = Guesses()
        self.identity = Identity(state, self.guesses)
        self.contacts = Contacts(state)
        self.registry = CollectorRegistry()
        self._calls = Histogram(
            "mainstem_call_seconds",
            "Calls of sites: how long they took, and what became of them.",
            ["call", "outcome"],
            registry=self.registry,
        )

    def v5(self, method: str, word: str, handler: V5Handler) -> Route:
        """A path of v5, which says who calls in its headers."""
        return self.route(method, f"/sync/v5/{word}", self._answering(handler, device=True))

    def _answering(self, handler: V5Handler, device: bool) -> Work:
        async def work(call: Call) -> Response:
            try:
                call.claim = claimed(call.request.headers, call.claim.address)
                call.site = await self.identity.site(call.claim, device)
                return answered(await handler(call))
            except Refused as refused:
                call.error = refused.code
                return answered(refused.body(), refused.status)
            except TROUBLES as trouble:
                call.error = str(trouble)
                return answered(TROUBLE.body(), TROUBLE.status)

        return work

    def v4(self, method: str, word: str, handler: V5Handler) -> Route:
        """A path of v4 for sites: as of v5, but nothing is said of the device."""
        return self.route(method, f"/api/v4/{word}", self._answering(handler, device=False))

    def v6(self, word: str, handler: v6.Handler) -> Route:
        """A path of v6, which says who calls in the body; its status is always 200."""

        async def work(call: Call) -> Response:
            body = v6.parsed(await call.body())
            await self.prove(call, body)
            answer, call.records = await handler(call.site, body)
            return answered({"data": answer})

        return self.v6_of("POST", f"sync/{word}", work)

    def v6_of(
        self, method: str, path: str, handler: Callable[[Call], Awaitable[Response]]
    ) -> Route:
        """A path of v6 whose handler finds out itself who calls, and answers as it must."""

        async def work(call: Call) -> Response:
            try:
                return await handler(call)
            except v6.Trouble as trouble:
                call.error = str(trouble)
                return answered(trouble.told)
            except Refused as refused:
                call.error = refused.code
                return answered(v6.legacy(refused))
            except TROUBLES as trouble:
                call.error = str(trouble)
                return answered({"error": {"otherServerError": TROUBLE.message}})

        return self.route(method, f"/central/{path}", work)

    async def prove(self, call: Call, body: dict[str, Any]) -> None:
        """Find out who calls from the body of a v6 call; Refused, or Trouble, when it is nobody."""
        call.claim = v6.claimed(body, call.claim.address)
        call.site = await self.identity.site(call.claim)

    def route(self, method: str, path: str, work: Work) -> Route:
        """A path whose handler finds out itself who calls; every call is kept as a contact."""

        async def endpoint(request: Request) -> Response:
            started = time.perf_counter()
            address = request.client.host if request.client else ""
            call = Call(request, unproved(address))
            try:
                return await work(call)
            except ClientDisconnect:
                call.error = "the connection was lost"
                return Response(status_code=400)
            except UnicodeEncodeError:  # JSON may have half a character; nothing is called so
                refused = malformed("A text is not Unicode")
                call.error = refused.code
                return answered(refused.body(), refused.status)
            finally:
                self._note(f"{method} {path.rpartition('/')[2]}", call, started)

        return Route(path, endpoint, methods=[method])

    def _note(self, what: str, call: Call, started: float) -> None:
        claim, seconds = call.claim, time.perf_counter() - started
        outcome = call.error if call.error in CODES else "other" if call.error else "ok"
        self._calls.labels(what, outcome).observe(seconds)
        self.contacts.note(
            Contact(
                call.site or self.identity.named(claim),
                settings.now().isoformat(timespec="milliseconds"),
                what,
                call.records,
                round(seconds, 4),
                claim.app_name,
                claim.app_version,
                claim.version[:20],
                claim.address,
                call.error[:500],
            )
        )
