"""Signing in by OpenID Connect, beside the door's own way: off to the provider, and back.

What a sign-in began with is kept in a cookie of the browser that began it, signed by this process,
for ten minutes, and serves one sign-in.
"""

import secrets
import time
from collections.abc import Callable
from dataclasses import astuple

from anyio import CapacityLimiter, to_thread
from itsdangerous import BadData, URLSafeTimedSerializer
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from dashboard import access, door, provider
from dashboard.language import mark
from dashboard.provider import Started
from pipelines.admin import identities, sessions
from pipelines.errors import MainstemError
from pipelines.settings import Settings

COOKIE = "mainstem-oidc"
LASTS = 600  # seconds that a sign-in may take
NONE = "There is no sign-in by OpenID Connect here."
STALE = mark("This sign-in was not begun in this browser, took too long, or is over. Begin again.")
_signer = URLSafeTimedSerializer(secrets.token_bytes(32), salt=COOKIE)
_asking = CapacityLimiter(8)  # calls to the provider at once
_used: dict[str, float] = {}  # states of sign-ins that succeeded, and when


async def start(request: Request) -> Response:
    """Lead the browser to the provider."""
    wanted = door.within(request.query_params.get("next", "/"))
    if _asking.statistics().tasks_waiting >= door.WAITING:
        return door.shown(request, wanted, door.BUSY, 503)
    started, again = Started(), door.LEFT in request.cookies
    try:
        told = _told()
        where = await _asked(lambda: provider.address(told, started, again))
    except MainstemError as error:
        return door.shown(request, wanted, error, 503)
    answer = RedirectResponse(where, 303, {"Cache-Control": "no-store"})
    answer.set_cookie(
        COOKIE, _signer.dumps([*astuple(started), wanted]), max_age=LASTS, path="/oidc",
        httponly=True, samesite="lax", secure=door.is_secure(request),
    )  # fmt: skip
    return answer


async def callback(request: Request) -> Response:
    """Take back who was led to the provider; begin a session and go on to what was wanted."""
    address = door.address(request)
    started, wanted = _started(request)
    if started is None:
        return door.shown(request, wanted, STALE, 403)
    if door.guesses.locked(started.state, address):
        return door.shown(request, wanted, door.LOCKED, 403)
    door.guesses.fail(started.state, address)
    query = dict(request.query_params)
    try:
        token = await _asked(lambda: _enter(_told(), started, query, address))
    except MainstemError as error:
        return _ended(door.shown(request, wanted, error, 403))
    door.guesses.forgive(started.state, address)
    _use(started.state)
    answer = await door.let_in(request, wanted, token)
    answer.delete_cookie(door.LEFT, path="/oidc")
    return _ended(answer)


def _enter(told: Settings, started: Started, query: dict[str, str], address: str) -> str:
    """The token of a session for whom the provider vouches for."""
    try:
        if query.get("iss", told.oidc_issuer) != told.oidc_issuer:
            raise MainstemError("Another provider answered than was asked.")
        if not query.get("code"):
            said = query.get("error", "it gave no reason")[:100]
            raise MainstemError(f"{told.oidc_name} did not sign you in: {said}.")
        who = provider.vouched(told, started, query["code"])
    except MainstemError as error:
        sessions.note(access.home(), "", address, "refused", str(error))
        raise
    return identities.sign_in(access.home(), who, address)


def _told() -> Settings:
    told = access.home().settings()
    if not told.oidc_issuer:
        raise MainstemError(NONE)
    return told


async def _asked(work: Callable[[], str]) -> str:
    return await to_thread.run_sync(work, limiter=_asking)


def _started(request: Request) -> tuple[Started | None, str]:
    """What this sign-in began with, None where it is not this browser's; and what was wanted."""
    try:
        *began, wanted = _signer.loads(request.cookies.get(COOKIE, ""), max_age=LASTS)
    except BadData:
        return None, "/"
    started, state = Started(*began), request.query_params.get("state", "")
    if not secrets.compare_digest(started.state.encode(), state.encode()) or state in _used:
        return None, wanted
    return started, wanted


def _use(state: str) -> None:
    for old in [it for it, at in _used.items() if at < time.monotonic() - LASTS]:
        del _used[old]
    _used[state] = time.monotonic()


def _ended(answer: Response) -> Response:
    answer.delete_cookie(COOKIE, path="/oidc")
    return answer


ROUTES = [
    Route("/oidc/start", start, methods=["GET"]),
    Route(provider.CALLBACK, callback, methods=["GET"]),
]
