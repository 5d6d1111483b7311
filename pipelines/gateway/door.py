"""Who is let in at which path: every call proves who makes it, and is kept as a contact."""

import sqlite3
import time
from collections.abc import Awaitable, Callable
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
from pipelines.gateway.calls import SHORT, Call
from pipelines.gateway.contacts import Contacts
from pipelines.gateway.guesses import Guesses
from pipelines.gateway.identity import Identity, claimed, unproved
from pipelines.gateway.known import Known
from pipelines.gateway.limits import Limits
from pipelines.gateway.refused import Refused, malformed
from pipelines.gateway.state import Contact, State
from pipelines.home import Home

CODES = (  # errors that are counted by name
    *("site_name_not_found", "site_incorrect_password", "site_incorrect_hardware_id"),
    *("site_auth_timeout", "api_version_incompatible", "malformed_request"),
    *("site_disabled", "site_has_no_store", "too_many_requests", "central_is_busy"),
)
TROUBLES = (MainstemError, OSError, sqlite3.Error)  # ours, not the caller's
TROUBLE = Refused(500, "central_error", "The central has trouble; try again later")


V5Handler = Callable[[Call], Awaitable[Any]]
Work = Callable[[Call], Awaitable[Response]]
Form = Callable[[Refused], Response]  # how one is told that a call is refused


def as_v5(refused: Refused) -> Response:
    """A refusal as clients of v5 and v4 know it."""
    return answered(refused.body(), refused.status)


def as_v6(refused: Refused) -> Response:
    """A refusal as clients of v6 know it."""
    return answered(v6.legacy(refused))


class Door:
    """Makes the routes of calls that only a site may make."""

    def __init__(self, home: Home, state: State) -> None:
        self.known = Known(home)
        self.guesses = Guesses()
        self.identity = Identity(state, self.guesses)
        self.contacts = Contacts(state)
        self.limits = Limits()
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
                await self._enter(call, device)
                return answered(await handler(call))
            except TROUBLES as trouble:
                call.error = str(trouble)
                return answered(TROUBLE.body(), TROUBLE.status)

        return work

    def v4(self, method: str, word: str, handler: V5Handler) -> Route:
        """A path of v4 for sites: as of v5, but nothing is said of the device."""
        return self.route(method, f"/api/v4/{word}", self._answering(handler, device=False))

    def v6(self, word: str, handler: v6.Handler, most: int = SHORT) -> Route:
        """A path of v6, which says who calls in the body; its status is always 200."""

        async def work(call: Call) -> Response:
            body = v6.parsed(await call.body(most))
            await self.prove(call, body)
            answer, call.records = await handler(call.site, body)
            return answered({"data": answer})

        return self.v6_of("POST", f"sync/{word}", work)

    def v6_of(self, method: str, path: str, handler: Work, form: Form = as_v6) -> Route:
        """A path of v6 whose handler finds out itself who calls, and answers as it must."""

        async def work(call: Call) -> Response:
            try:
                return await handler(call)
            except v6.Trouble as trouble:
                call.error = str(trouble)
                return answered(trouble.told)
            except TROUBLES as trouble:
                call.error = str(trouble)
                return answered({"error": {"otherServerError": TROUBLE.message}})

        return self.route(method, f"/central/{path}", work, form)

    async def prove(self, call: Call, body: dict[str, Any]) -> None:
        """Find out who calls from the body of a v6 call; Refused, or Trouble, when it is nobody."""
        call.claim = v6.claimed(body, call.claim.address)
        await self._enter(call, device=True)

    async def _enter(self, call: Call, device: bool) -> None:
        call.site = await self.identity.site(call.claim, device)
        await self.known.may_call(call.site)
        call.enter(("site", call.site))

    def route(self, method: str, path: str, work: Work, form: Form = as_v5) -> Route:
        """A path whose handler finds out itself who calls; every call is kept as a contact."""

        async def endpoint(request: Request) -> Response:
            started = time.perf_counter()
            address = request.client.host if request.client else ""
            call = Call(request, unproved(address), self.limits)
            try:
                call.enter(("address", address))
                return await work(call)
            except ClientDisconnect:
                call.error = "the connection was lost"
                return Response(status_code=400)
            except Refused as refused:
                call.error = refused.code
                return form(refused)
            except UnicodeEncodeError:  # JSON may have half a character; nothing is called so
                refused = malformed("A text is not Unicode")
                call.error = refused.code
                return form(refused)
            finally:
                call.leave()
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
