"""What stands before every page, file and web socket: without a session none is to be had.

It turns pages and files away; what a page shows is decided in `access`, for every rerun and
download.
"""

import re
from collections.abc import MutableMapping
from typing import Any
from urllib.parse import quote

from anyio import to_thread
from starlette.requests import HTTPConnection, Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard import access, door, wire

OPEN = re.compile(
    r"/(sign-(in|out)|oidc/(start|callback)|_stcore/(health|host-config)|static/.*|favicon.*)"
)
FILE = re.compile(r"/(media|component|upload_file)\b|/_")  # what is no page


class Guard:
    """Lets through who has a session, and what needs none."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or pass it on."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        call = HTTPConnection(scope)
        token, path = call.cookies.get(access.COOKIE, ""), scope["path"]
        if scope["type"] == "websocket":
            if door.is_own(call) and await _is_session(token):
                await self.app(scope, _heard(receive, token), _told(send, token))
            else:
                await receive()
                await send({"type": "websocket.close", "code": 1008})
        elif not OPEN.fullmatch(path) and not await _is_session(token):
            await _turned_away(Request(scope))(scope, receive, send)
        elif path.startswith("/media/") and not wire.is_file(token, path):
            await PlainTextResponse("This file is not for you.\n", 404)(scope, receive, send)
        else:
            await self.app(scope, receive, send)


def _heard(receive: Receive, token: str) -> Receive:
    """What a page says, but for what it may not."""

    async def heard() -> MutableMapping[str, Any]:
        while True:
            message = await receive()
            if not message.get("bytes") or wire.may_say(token, message["bytes"]):
                return message

    return heard


def _told(send: Send, token: str) -> Send:
    """What a page is told; the files among it are noted as offered."""

    async def told(message: MutableMapping[str, Any]) -> None:
        if message.get("bytes"):
            wire.note(token, message["bytes"])
        await send(message)

    return told


async def _is_session(token: str) -> bool:
    return await to_thread.run_sync(access.of_token, token) is not None


def _turned_away(request: Request) -> Response:
    if request.method != "GET" or FILE.match(request.url.path):
        return PlainTextResponse("Sign in first.\n", 401)
    wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return RedirectResponse(f"/sign-in?next={quote(wanted, safe='')}", 303)
