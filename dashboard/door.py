"""The door: who has not signed in gets the page to sign in, and nothing else.

A session is a cookie that scripts cannot read. The door turns pages and files away; what a page
shows is decided in `access`, for every rerun and download.
"""

import html
import re
from collections.abc import Iterator
from pathlib import Path
from string import Template
from urllib.parse import parse_qs, quote, urlencode, urlsplit

from anyio import CapacityLimiter, to_thread
from babel import Locale
from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard import access, chooser, spoken
from dashboard.language import _, mark
from pipelines.admin import sessions
from pipelines.gateway.guesses import Guesses

PAGE = Template(Path(__file__).with_name("sign_in.html").read_text(encoding="utf-8"))
MARK = Path(__file__).with_name("wordmark.svg").read_text(encoding="utf-8")
WRONG = mark("Name and password do not match, or the user is disabled.")
LOCKED = mark("Too many failed attempts. Try again in five minutes.")
NOBODY = mark("No user was added yet. On the hub: mainstem user add NAME --role administrator")
ELSEWHERE = mark("Sign in on this page itself.")
BUSY = mark("Too many people sign in at once. Try again in a minute.")
TEXTS = {"title": mark("Sign in"), "name": mark("Name"), "password": mark("Password")}
WAITING = 50  # people whose passwords wait to be verified, beyond which nobody is let wait
LARGEST = 4096  # bytes of a form
OPEN = re.compile(r"/(sign-(in|out)|_stcore/(health|host-config)|static/.*|favicon.*)")
FILE = re.compile(r"/(media|component|upload_file)\b|/_")  # what is no page
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'",
}
_guesses = Guesses()
_verifying = CapacityLimiter(2)  # passwords at once: each takes 19 MiB, and a core


class Door:
    """Lets through who has a session, and what needs none."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or pass it on."""
        if scope["type"] == "websocket":
            if not (_is_own(HTTPConnection(scope)) and await _has_session(scope)):
                await receive()
                await send({"type": "websocket.close", "code": 1008})
                return
        elif (
            scope["type"] == "http"
            and not OPEN.fullmatch(scope["path"])
            and not await _has_session(scope)
        ):
            await _turned_away(Request(scope))(scope, receive, send)
            return
        await self.app(scope, receive, send)


async def _has_session(scope: Scope) -> bool:
    token = HTTPConnection(scope).cookies.get(access.COOKIE, "")
    return await to_thread.run_sync(access.of_token, token) is not None


def _turned_away(request: Request) -> Response:
    if request.method != "GET" or FILE.match(request.url.path):
        return PlainTextResponse("Sign in first.\n", 401)
    wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return RedirectResponse(f"/sign-in?next={quote(wanted, safe='')}", 303)


async def page(request: Request) -> Response:
    """The page to sign in."""
    known = await to_thread.run_sync(sessions.rows, access.home(), "select 1 from user limit 1")
    return _page(request, request.query_params.get("next", "/"), "" if known else NOBODY)


async def enter(request: Request) -> Response:
    """Take name and password; begin a session and go on to what was wanted."""
    told = await _form(request)
    name, password, wanted = (told.get(key, "") for key in ("name", "password", "next"))
    if not _is_own(request):
        return _page(request, wanted, ELSEWHERE, 403)
    address, who = _address(request), name.casefold()
    if _guesses.locked(who, address):
        return _page(request, wanted, LOCKED, 403)
    if _verifying.statistics().tasks_waiting >= WAITING:
        return _page(request, wanted, BUSY, 503)
    _guesses.fail(who, address)  # before it is verified: many at once are many guesses
    token = None
    if max(len(name), len(password)) <= sessions.LONGEST:
        token = await to_thread.run_sync(
            sessions.sign_in, access.home(), name, password, address, limiter=_verifying
        )
    if token is None:
        return _page(request, wanted, WRONG, 403)
    _guesses.forgive(who, address)
    await _end(request)  # what this browser had before
    answer = RedirectResponse(_within(wanted), 303)
    answer.set_cookie(
        access.COOKIE, token, max_age=sessions.HOURS * 3600, httponly=True, samesite="lax",
        secure=request.headers.get("x-forwarded-proto", request.url.scheme) == "https",
    )  # fmt: skip
    return answer


async def leave(request: Request) -> Response:
    """End the session."""
    if _is_own(request):
        await _end(request)
    answer = RedirectResponse("/sign-in", 303)
    answer.delete_cookie(access.COOKIE)
    return answer


async def _end(request: Request) -> None:
    if token := request.cookies.get(access.COOKIE):
        await to_thread.run_sync(sessions.sign_out, access.home(), token, _address(request))


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


async def _form(request: Request) -> dict[str, str]:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST:
            return {}
    told = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True)
    return {key: values[-1] for key, values in told.items()}


def _is_own(request: HTTPConnection) -> bool:
    """Whether a call was made by a page of this server, as far as the browser says."""
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")


def _within(wanted: str) -> str:
    """The address to go on to, if it is one of this server."""
    return wanted if re.fullmatch(r"/([^/\\\s][^\\\s]*)?", wanted) else "/"


def _page(request: Request, wanted: str, said: str, status: int = 200) -> Response:
    wanted = _within(wanted)
    with spoken.speaking(_locale(request, wanted)):
        told = {name: html.escape(_(text)) for name, text in TEXTS.items()}
        content = PAGE.substitute(
            told,
            lang=spoken.locale().language,
            dir=spoken.locale().text_direction,
            mark=MARK,
            next=html.escape(wanted),
            said=f'<p role="alert">{html.escape(_(said))}</p>' if said else "",
            languages="\n".join(_links(wanted)),
        )
    return HTMLResponse(content, status, HEADERS)


def _locale(request: Request, wanted: str) -> Locale:
    """What the page is in: what the address that is gone on to says, else the browser or home."""
    tag = request.headers.get("accept-language", "").split(",")[0].split(";")[0].strip()
    chosen = parse_qs(urlsplit(wanted).query).get(chooser.KEY, [""])[-1]
    return spoken.locale_of(chosen if chosen in spoken.NAMES else chooser.default(tag), tag)


def _links(wanted: str) -> Iterator[str]:
    """A link to the page in each language; what is gone on to is in it, too."""
    parts = urlsplit(wanted)
    for code, name in spoken.NAMES.items():
        query = {**parse_qs(parts.query, keep_blank_values=True), chooser.KEY: [code]}
        there = parts._replace(query=urlencode(query, doseq=True)).geturl()
        current = ' aria-current="true"' if code == spoken.locale().language else ""
        address = html.escape(f"/sign-in?next={quote(there, safe='')}")
        yield f'<a href="{address}" lang="{code}"{current}>{name}</a>'


ROUTES = [
    Route("/sign-in", page, methods=["GET"]),
    Route("/sign-in", enter, methods=["POST"]),
    Route("/sign-out", leave, methods=["POST"]),
]
