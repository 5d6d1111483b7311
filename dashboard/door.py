"""The door: the page to sign in, and what begins and ends a session.

A session is a cookie that scripts cannot read. Who has none gets nothing else (`guard`).
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
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from dashboard import access, chooser, faults, spoken
from dashboard.language import _, mark
from pipelines.admin import credentials, sessions
from pipelines.errors import MainstemError
from pipelines.gateway.guesses import Guesses
from pipelines.settings import Settings

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
OTHER = '<a class="other" href="{}">{}</a>'
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
    return shown(request, request.query_params.get("next", "/"), "" if known else NOBODY)


async def enter(request: Request) -> Response:
    """Take name and password; begin a session and go on to what was wanted."""
    told = await _form(request)
    name, password, wanted = (told.get(key, "") for key in ("name", "password", "next"))
    if not is_own(request):
        return shown(request, wanted, ELSEWHERE, 403)
    where, who = address(request), name.casefold()
    if guesses.locked(who, where):
        return shown(request, wanted, LOCKED, 403)
    if _verifying.statistics().tasks_waiting >= WAITING:
        return shown(request, wanted, BUSY, 503)
    guesses.fail(who, where)  # before it is verified: many at once are many guesses
    token = None
    if max(len(name), len(password)) <= credentials.LONGEST:
        token = await to_thread.run_sync(
            sessions.sign_in, access.home(), name, password, where, limiter=_verifying
        )
    if token is None:
        return shown(request, wanted, WRONG, 403)
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


def shown(request: Request, wanted: str, said: str | MainstemError, status: int = 200) -> Response:
    """The page to sign in, with something said above the form."""
    wanted = within(wanted)
    with spoken.speaking(_locale(request, wanted)):
        alert = _(said) if isinstance(said, str) else faults.said(said)
        told = {name: html.escape(_(text)) for name, text in TEXTS.items()}
        content = PAGE.substitute(
            told,
            lang=spoken.locale().language,
            dir=spoken.locale().text_direction,
            mark=MARK,
            next=html.escape(wanted),
            said=f'<p role="alert">{html.escape(alert)}</p>' if alert else "",
            other=_other(wanted),
            languages="\n".join(_links(wanted)),
        )
    return HTMLResponse(content, status, HEADERS)


def _other(wanted: str) -> str:
    """The link to the provider's sign-in, if there is one."""
    told = _settings()
    if not told.oidc_issuer:
        return ""
    start = f"{told.dashboard_url.rstrip('/')}/oidc/start?next={quote(wanted, safe='')}"
    label = _("Sign in with {name}", name=told.oidc_name)
    return OTHER.format(html.escape(start), html.escape(label))


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
