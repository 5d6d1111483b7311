"""The door: the page to sign in, and what begins and ends a session.

A session is a cookie that scripts cannot read. Who has none gets nothing else (`guard`).
"""

import html
import re
from pathlib import Path
from string import Template
from urllib.parse import parse_qs, quote, urlsplit

from anyio import CapacityLimiter, to_thread
from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from dashboard import access
from pipelines.admin import credentials, sessions
from pipelines.errors import MainstemError
from pipelines.gateway.guesses import Guesses
from pipelines.settings import Settings

PAGE = Template(Path(__file__).with_name("sign_in.html").read_text(encoding="utf-8"))
MARK = Path(__file__).with_name("wordmark.svg").read_text(encoding="utf-8")
WRONG = "Name and password do not match, or the user is disabled."
LOCKED = "Too many failed attempts. Try again in five minutes."
NOBODY = "No user was added yet. On the hub: mainstem user add NAME --role administrator"
ELSEWHERE = "Sign in on this page itself."
BUSY = "Too many people sign in at once. Try again in a minute."
WAITING = 50  # people whose passwords wait to be verified, beyond which nobody is let wait
LARGEST = 4096  # bytes of a form
OTHER = '<a class="other" href="{}">Sign in with {}</a>'
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'",
    "Referrer-Policy": "same-origin",
}
LEFT = "mainstem-left"  # a cookie of browsers in which somebody has signed out
guesses = Guesses()
_verifying = CapacityLimiter(2)  # passwords at once: each takes 19 MiB, and a core


async def page(request: Request) -> Response:
    """The page to sign in."""
    known = await to_thread.run_sync(sessions.rows, access.home(), "select 1 from user limit 1")
    return shown(request.query_params.get("next", "/"), "" if known else NOBODY)


async def enter(request: Request) -> Response:
    """Take name and password; begin a session and go on to what was wanted."""
    told = await _form(request)
    name, password, wanted = (told.get(key, "") for key in ("name", "password", "next"))
    if not is_own(request):
        return shown(wanted, ELSEWHERE, 403)
    where, who = address(request), name.casefold()
    if guesses.locked(who, where):
        return shown(wanted, LOCKED, 403)
    if _verifying.statistics().tasks_waiting >= WAITING:
        return shown(wanted, BUSY, 503)
    guesses.fail(who, where)  # before it is verified: many at once are many guesses
    token = None
    if max(len(name), len(password)) <= credentials.LONGEST:
        token = await to_thread.run_sync(
            sessions.sign_in, access.home(), name, password, where, limiter=_verifying
        )
    if token is None:
        return shown(wanted, WRONG, 403)
    guesses.forgive(who, where)
    return await let_in(request, wanted, token)


async def let_in(request: Request, wanted: str, token: str) -> Response:
    """Give the browser a session that has begun, and lead it on to what was wanted."""
    await _end(request)  # what this browser had before
    answer = RedirectResponse(within(wanted), 303)
    answer.set_cookie(
        access.COOKIE, token, max_age=sessions.HOURS * 3600, httponly=True, samesite="lax",
        secure=is_secure(request),
    )  # fmt: skip
    return answer


async def leave(request: Request) -> Response:
    """End the session."""
    if is_own(request):
        await _end(request)
    answer = RedirectResponse("/sign-in", 303)
    answer.delete_cookie(access.COOKIE)
    if not _settings().oidc_issuer:
        return answer
    answer.set_cookie(
        LEFT, "1", max_age=sessions.HOURS * 3600, httponly=True, path="/oidc", samesite="lax",
        secure=is_secure(request),
    )  # fmt: skip
    return answer


async def _end(request: Request) -> None:
    if token := request.cookies.get(access.COOKIE):
        await to_thread.run_sync(sessions.sign_out, access.home(), token, address(request))


def address(request: Request) -> str:
    """Where a call comes from."""
    return request.client.host if request.client else ""


async def _form(request: Request) -> dict[str, str]:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST:
            return {}
    told = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True)
    return {key: values[-1] for key, values in told.items()}


def is_own(request: HTTPConnection) -> bool:
    """Whether a call was made by a page of this server, as far as the browser says."""
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")


def is_secure(request: Request) -> bool:
    """Whether the browser came over TLS, as the proxy before this server says, or its address."""
    told = urlsplit(_settings().dashboard_url)
    scheme = request.headers.get("x-forwarded-proto", request.url.scheme)
    return scheme == "https" or tuple(told[:2]) == ("https", request.headers.get("host"))


def _settings() -> Settings:
    """The home's settings, or those there are without any where they cannot be read."""
    try:
        return access.home().settings()
    except MainstemError:
        return Settings()


def within(wanted: str) -> str:
    """The address to go on to, if it is one of this server."""
    return wanted if re.fullmatch(r"/([^/\\\s][^\\\s]{0,2000})?", wanted) else "/"


def shown(wanted: str, said: str, status: int = 200) -> Response:
    """The page to sign in, with something said above the form."""
    told, wanted = _settings(), within(wanted)
    start = f"{told.dashboard_url.rstrip('/')}/oidc/start?next={quote(wanted, safe='')}"
    content = PAGE.substitute(
        mark=MARK,
        next=html.escape(wanted),
        said=f'<p role="alert">{html.escape(said)}</p>' if said else "",
        other=OTHER.format(html.escape(start), html.escape(told.oidc_name))
        if told.oidc_issuer
        else "",
    )
    return HTMLResponse(content, status, HEADERS)


ROUTES = [
    Route("/sign-in", page, methods=["GET"]),
    Route("/sign-in", enter, methods=["POST"]),
    Route("/sign-out", leave, methods=["POST"]),
]
