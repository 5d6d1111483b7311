"""The door of the dashboard, over HTTP: who gets in, who does not, what a guess costs."""

import html
import re
import threading
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from pathlib import Path

import pytest
import requests
import uvicorn
from page_socket import page
from serving import answering
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket
from streamlit.proto.BackMsg_pb2 import BackMsg
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin

from dashboard import access, door, guard, serve
from pipelines import servers
from pipelines.admin import sessions, users
from pipelines.gateway.guesses import OF_NAME, Guesses
from pipelines.home import Home, make
from warehouse.scope import EVERYTHING

PASSWORD = "a pass phrase"


async def behind(request: Request) -> Response:
    """Stands for a page or a file."""
    return PlainTextResponse(f"behind {request.url.path}")


async def stream(socket: WebSocket) -> None:
    """Stands for what a page is drawn through."""
    await socket.accept()
    await socket.send_text("behind")
    async for message in socket.iter_bytes():
        await socket.send_bytes(message)


@pytest.fixture
def url(home: Home, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Where a server with the door answers, for a home with one user."""
    monkeypatch.setenv("MAINSTEM_HOME", str(home.path))
    monkeypatch.delenv(serve.OPEN)
    monkeypatch.setattr(door, "guesses", Guesses())
    users.add(home, "amina", "viewer", EVERYTHING, PASSWORD)
    app = Starlette(
        routes=[
            *door.ROUTES,
            WebSocketRoute("/_stcore/stream", stream),
            Route("/{path:path}", behind, methods=["GET", "PUT"]),
        ],
        middleware=[Middleware(guard.Guard)],
    )
    with answering(uvicorn.Config(app, port=servers.free_port(0), log_level="warning")) as url:
        yield url


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """An empty home."""
    return make(tmp_path / "home")


def enter(
    url: str, name: str = "amina", password: str = PASSWORD, wanted: str = "/", **head: str
) -> requests.Response:
    """Send the form."""
    form = {"name": name, "password": password, "next": wanted}
    return requests.post(f"{url}/sign-in", form, headers=head, allow_redirects=False, timeout=30)


def test_a_page_leads_to_the_door_and_from_it_on(url: str, home: Home) -> None:
    browser = requests.Session()
    answer = browser.get(f"{url}/stock?region=S%26T")
    assert [it.status_code for it in answer.history] == [303]
    assert answer.url == f"{url}/sign-in?next=%2Fstock%3Fregion%3DS%2526T"
    assert 'name="next" value="/stock?region=S%26T"' in answer.text
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    form = {"name": "AMINA", "password": PASSWORD, "next": "/stock?region=S%26T"}
    answer = browser.post(f"{url}/sign-in", form, timeout=30)
    assert answer.text == "behind /stock" and answer.url == f"{url}/stock?region=S%26T"
    assert browser.get(f"{url}/media/1.csv").status_code == 404, "it was not offered"
    answer = browser.post(f"{url}/sign-out")
    assert answer.url == f"{url}/sign-in" and not browser.cookies
    told = [(it["user"], it["what"], it["address"]) for it in sessions.trail(home)]
    assert told == [
        ("amina", "signed out", "127.0.0.1"), ("amina", "signed in", "127.0.0.1"),
        ("amina", "added", ""),
    ]  # fmt: skip


def test_the_session_is_a_cookie_that_scripts_cannot_read(url: str, home: Home) -> None:
    told = enter(url).headers["Set-Cookie"]
    assert "HttpOnly" in told and "SameSite=lax" in told and "Secure" not in told
    assert "Secure" in enter(url, **{"X-Forwarded-Proto": "https"}).headers["Set-Cookie"]
    token = told.split("=")[1].split(";")[0]
    assert len(token) == 43 and token.encode() not in home.gateway.read_bytes()
    known = sessions.user_of(home, token)
    assert known is not None and known.name == "amina"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/media/1.csv"),
        ("GET", "/component/x"),
        ("GET", "/_x"),
        ("PUT", "/stock"),
        ("PUT", "/"),
    ],
)
def test_nothing_else_is_behind_no_door(url: str, path: str, method: str) -> None:
    for cookies in ({}, {access.COOKIE: "guessed"}):
        answer = requests.request(method, url + path, cookies=cookies, timeout=30)
        assert (answer.status_code, answer.text) == (401, "Sign in first.\n")
    assert requests.get(f"{url}/_stcore/health", timeout=30).text == "behind /_stcore/health"
    assert requests.get(f"{url}/static/a.js", timeout=30).text == "behind /static/a.js"


def test_the_door_speaks_the_browsers_language_or_that_of_the_address(url: str) -> None:
    french = {"Accept-Language": "fr-CI,fr;q=0.9,en;q=0.8"}
    text = requests.get(f"{url}/sign-in", headers=french, timeout=30).text
    assert '<html lang="fr" dir="ltr">' in text and "Mot de passe" in text
    text = requests.post(f"{url}/sign-in", {"name": "x"}, headers=french, timeout=30).text
    assert "Le nom et le mot de passe ne correspondent pas" in text
    there = f"{url}/stock?region=S%26T&lang=ar"
    text = requests.get(there, headers=french, timeout=30).text
    assert '<html lang="ar" dir="rtl">' in text and "كلمة المرور" in text
    link = html.unescape(re.findall(r'<a href="([^"]*)" lang="pt"', text)[0])
    text = requests.get(url + link, headers=french, timeout=30).text
    assert "Palavra-passe" in text and 'value="/stock?region=S%26T&amp;lang=pt"' in text
    wrong = {"next": '/?lang="><script>'}
    text = requests.get(f"{url}/sign-in", params=wrong, timeout=30).text
    assert "Password" in text and "<script" not in text


def test_guessing_ends(url: str, home: Home) -> None:
    for number in range(OF_NAME):
        answer = enter(url, "amina" if number % 2 else "AMINA", password="wrong")
        assert answer.status_code == 403 and door.WRONG in answer.text
    answer = enter(url)
    assert answer.status_code == 403 and door.LOCKED in answer.text and not answer.cookies
    assert enter(url, "somebody").text == enter(url, "else", "x").text, "no name is told"
    assert [it["what"] for it in sessions.trail(home, "amina")] == ["refused"] * OF_NAME + ["added"]


def test_a_disabled_user_does_not_get_in(url: str, home: Home) -> None:
    users.set_disabled(home, "amina", True)
    assert door.WRONG in enter(url).text
    users.set_disabled(home, "amina", False)
    assert enter(url).status_code == 303


@pytest.mark.parametrize(
    "wanted", ["//else.where", "https://else.where", "/\\else.where", "/a\nb", "", "stock"]
)
def test_nobody_is_led_elsewhere(url: str, wanted: str) -> None:
    assert enter(url, wanted=wanted).headers["Location"] == "/"


def test_a_form_of_another_server_is_refused(url: str) -> None:
    answer = enter(url, Origin="http://else.where")
    assert answer.status_code == 403 and door.ELSEWHERE in answer.text and not answer.cookies
    assert enter(url, Origin=url).status_code == 303
    session = {access.COOKIE: enter(url).cookies[access.COOKIE]}
    head = {"Origin": "http://else.where"}
    requests.post(f"{url}/sign-out", cookies=session, headers=head, timeout=30)
    assert requests.get(f"{url}/stock", cookies=session, timeout=30).text == "behind /stock"


def test_a_form_that_is_none_is_refused(url: str, home: Home) -> None:
    for body in (b"", b"\xff\xfe=%", b"name=" + b"a" * 10_000, b"name=a&password=" + b"b" * 3000):
        answer = requests.post(f"{url}/sign-in", body, timeout=30)
        assert answer.status_code == 403 and door.WRONG in answer.text
    markup = requests.get(f"{url}/sign-in", params={"next": '/"><script>'}, timeout=30).text
    assert "<script" not in markup


def test_without_users_the_door_says_how_to_add_one(
    home: Home, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "mainstem user add" not in requests.get(f"{url}/sign-in", timeout=30).text
    home.gateway.unlink()
    assert "mainstem user add NAME --role administrator" in requests.get(f"{url}/sign-in").text


def test_many_guesses_at_once_are_no_more_than_one_after_the_other(url: str, home: Home) -> None:
    with ThreadPoolExecutor(30) as threads:
        answers = list(threads.map(lambda _: enter(url, password="wrong").text, range(30)))
    assert sum(door.WRONG in text for text in answers) == OF_NAME
    assert sum(door.LOCKED in text for text in answers) == 30 - OF_NAME
    assert door.LOCKED in enter(url).text


def test_no_more_than_some_wait_to_be_verified(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert door.WAITING == 50
    monkeypatch.setattr(door, "WAITING", 3)
    verify, go_on = sessions.sign_in, threading.Event()

    def slowly(*told: str) -> str | None:
        assert go_on.wait(30)
        return verify(*told)  # ty: ignore[invalid-argument-type]

    monkeypatch.setattr(sessions, "sign_in", slowly)
    with ThreadPoolExecutor(9) as threads:
        asked = [threads.submit(enter, url, f"nobody {number}") for number in range(9)]
        done, _ = wait(asked, 20, FIRST_COMPLETED)
        said = {it.result().status_code for it in done}
        go_on.set()
        told = [it.result().text for it in asked]
    assert said == {503}
    assert sum(door.BUSY in text for text in told) == 9 - 2 - 3
    assert sum(door.WRONG in text for text in told) == 2 + 3


def test_who_signs_in_rightly_is_never_locked_out(url: str) -> None:
    assert [enter(url).status_code for _ in range(OF_NAME + 2)] == [303] * (OF_NAME + 2)


def test_a_browser_that_signs_in_anew_ends_what_it_had(url: str, home: Home) -> None:
    first = enter(url).cookies[access.COOKIE]
    again = requests.post(
        f"{url}/sign-in", {"name": "amina", "password": PASSWORD}, allow_redirects=False,
        cookies={access.COOKIE: first}, timeout=30,
    )  # fmt: skip
    assert sessions.user_of(home, first) is None
    assert sessions.user_of(home, again.cookies[access.COOKIE]) is not None


def test_a_web_socket_needs_a_session_and_a_page_of_this_server(url: str) -> None:
    token = enter(url).cookies[access.COOKIE]
    at = url.replace("http", "ws") + "/_stcore/stream"
    for cookie, origin, gets_in in (
        ("", url, False), ("guessed", url, False), (token, "http://else.where", False),
        (token, url, True),
    ):  # fmt: skip
        headers = {"Cookie": f"{access.COOKIE}={cookie}"}
        try:
            with connect(at, additional_headers=headers, origin=Origin(origin)) as socket:
                assert socket.recv() == "behind" and gets_in
        except InvalidStatus as error:
            assert error.response.status_code == 403 and not gets_in


def test_a_page_says_no_more_than_pages_need(url: str) -> None:
    """What the server hears comes back here: what concerns everybody does not."""
    with page(url, enter(url).cookies[access.COOKIE]) as own:
        own.socket.recv()
        own.say(clear_cache=True)
        own.say(set_run_on_save=True)
        own.socket.send(b"\xff\xff")
        own.ask("0123456789abcdef")
        own.say(rerun_script={"page_name": "stock"})
        heard = BackMsg.FromString(own.socket.recv(timeout=30, decode=False))
        assert heard.rerun_script.page_name == "stock"
