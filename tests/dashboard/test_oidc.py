"""Sign-in by OpenID Connect, with a provider that answers over HTTP: who gets in, who does not."""

import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
import uvicorn
from identity_provider import CLIENT, SECRET, Provider, configure, providing
from joserfc.jwk import RSAKey
from serving import answering
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from dashboard import access, door, guard, oidc, provider, serve
from pipelines import servers
from pipelines.admin import sessions, users
from pipelines.errors import MainstemError
from pipelines.gateway.guesses import Guesses
from pipelines.home import Home, make
from warehouse.scope import EVERYTHING

WHO = "amina@example.org"


async def behind(request: Request) -> Response:
    """Stands for a page."""
    return PlainTextResponse(f"behind {request.url.path}")


@pytest.fixture(scope="module")
def running() -> Iterator[Provider]:
    """A provider, of which a test takes its own copy."""
    with providing() as told:
        yield told


@pytest.fixture
def idp(running: Provider) -> Provider:
    """The provider, as it keeps all rules."""
    running.__init__(running.url, running.key)
    provider._about.cache_clear()
    return running


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A home with one user, who has no password."""
    home = make(tmp_path / "home")
    monkeypatch.setenv("MAINSTEM_HOME", str(home.path))
    monkeypatch.setenv("MAINSTEM_OIDC_SECRET", SECRET)
    monkeypatch.delenv(serve.OPEN)
    monkeypatch.setattr(door, "guesses", Guesses())
    assert users.add(home, "amina", "viewer", EVERYTHING, None, WHO) is None
    return home


@pytest.fixture
def url(home: Home, idp: Provider) -> Iterator[str]:
    """Where the door answers."""
    port = servers.free_port(0)
    configure(home, idp.url, f"http://127.0.0.1:{port}")
    app = Starlette(
        routes=[*door.ROUTES, *oidc.ROUTES, Route("/{path:path}", behind)],
        middleware=[Middleware(guard.Guard)],
    )
    with answering(uvicorn.Config(app, port=port, log_level="warning")) as url:
        yield url


def went(browser: requests.Session, url: str, wanted: str = "/") -> str:
    """Go off to the provider and sign in there; the address that it leads back to."""
    told = {"next": wanted}
    answer = browser.get(f"{url}/oidc/start", params=told, allow_redirects=False, timeout=30)
    assert answer.status_code == 303, answer.text
    browser.get(answer.headers["Location"], timeout=30)
    back = browser.post(answer.headers["Location"], allow_redirects=False, timeout=30)
    return back.headers["Location"]


def came(browser: requests.Session, back: str) -> requests.Response:
    """Come back from the provider."""
    return browser.get(back, allow_redirects=False, timeout=30)


def signed_in(url: str) -> requests.Response:
    """The answer to one that signs in."""
    browser = requests.Session()
    return came(browser, went(browser, url))


def refused(answer: requests.Response, home: Home, said: str, why: str) -> None:
    """Nobody was let in, the page says why, and the trail."""
    assert answer.status_code == 403 and said in answer.text, answer.text
    assert access.COOKIE not in answer.cookies and SECRET not in answer.text
    last = sessions.trail(home)[0]
    assert last["what"] == "refused" and why in last["detail"]


def test_who_was_added_signs_in_and_out(url: str, home: Home, idp: Provider) -> None:
    browser = requests.Session()
    page = browser.get(f"{url}/stock?item=A%26B", timeout=30).text
    start = f"{url}/oidc/start?next=%2Fstock%3Fitem%3DA%2526B"
    assert f'<a class="other" href="{start}">Sign in with Health &lt;ID&gt;</a>' in page
    answer = came(browser, went(browser, url, "/stock?item=A%26B"))
    assert (answer.status_code, answer.headers["Location"]) == (303, "/stock?item=A%26B")
    assert "HttpOnly" in answer.headers["Set-Cookie"] and oidc.COOKIE not in browser.cookies
    known = sessions.user_of(home, browser.cookies[access.COOKIE])
    assert known is not None and (known.name, known.role) == ("amina", "viewer")
    assert browser.get(f"{url}/stock", timeout=30).text == "behind /stock"
    browser.post(f"{url}/sign-out", timeout=30)
    assert browser.get(f"{url}/stock", timeout=30).url.startswith(f"{url}/sign-in")
    told = [(it["user"], it["what"], it["detail"]) for it in sessions.trail(home)]
    assert told == [
        ("amina", "signed out", ""),
        ("amina", "signed in", "as Amina@example.org"),
        ("amina", "added", f"viewer {WHO}"),
    ]
    went(browser, url)
    prompts = [it.get("prompt") for it in idp.asked]
    assert prompts == [None, "login"], "who sits down after somebody has left is asked"


def test_a_user_without_a_password_cannot_sign_in_with_an_empty_one(url: str, home: Home) -> None:
    for password in ("", " ", "x"):
        form = {"name": "amina", "password": password}
        answer = requests.post(f"{url}/sign-in", form, allow_redirects=False, timeout=30)
        assert answer.status_code == 403 and door.WRONG in answer.text
    assert sessions.trail(home)[0]["detail"] == "no password"


NOT_TRUSTED = "cannot be trusted"
CLOCKS = "The clocks of this hub and of Health &lt;ID&gt; differ"


BROKEN: list[tuple[dict[str, Any], str]] = [
    ({"nonce": "another"}, NOT_TRUSTED),
    ({"nonce": None}, NOT_TRUSTED),
    ({"aud": "another"}, NOT_TRUSTED),
    ({"aud": "another", "azp": CLIENT}, NOT_TRUSTED),
    ({"aud": [CLIENT, "another"], "azp": "another"}, NOT_TRUSTED),
    ({"iss": "http://else.where"}, NOT_TRUSTED),
    ({"exp": int(time.time()) - 120}, CLOCKS),
    ({"iat": int(time.time()) + 86_400, "exp": int(time.time()) + 90_000}, CLOCKS),
    ({"exp": None}, NOT_TRUSTED),
    ({"at_hash": "another"}, NOT_TRUSTED),
    ({"sub": 7}, NOT_TRUSTED),
    ({"email_verified": False}, "has not verified that Amina@example.org is yours"),
    ({"email": ""}, "does not tell your email"),
]


def test_why_nobody_got_in_is_said_in_the_language(url: str, home: Home, idp: Provider) -> None:
    browser = requests.Session()
    browser.headers["Accept-Language"] = "fr-CI"
    assert "Se connecter avec Health &lt;ID&gt;" in browser.get(f"{url}/sign-in", timeout=30).text
    idp.told = {"email": ""}
    said = came(browser, went(browser, url)).text
    assert "Health &lt;ID&gt; ne communique pas votre email." in said
    told = came(browser, went(browser, url, "/?lang=es")).text
    assert "no indica su email" in told and '<html lang="es" dir="ltr">' in told
    assert "does not tell your email" in sessions.trail(home)[0]["detail"], "the trail is English"


def test_what_is_not_as_it_must_be_opens_nothing(url: str, home: Home, idp: Provider) -> None:
    for told, said in BROKEN:
        idp.told = told
        refused(signed_in(url), home, said, said.replace("&lt;ID&gt;", "<ID>"))


def test_a_token_counts_only_when_the_provider_signed_it(
    url: str, home: Home, idp: Provider
) -> None:
    other = RSAKey.generate_key(2048, {"kid": "one"})
    ways = (
        lambda claims: idp.shared(claims, None),
        lambda claims: idp.shared(claims, SECRET.encode()),
        lambda claims: idp.shared(claims, idp.key.as_pem(private=False)),
        lambda claims: idp.signed(claims, other),
        lambda claims: idp.signed(claims, idp.key, "RS512"),  # which it does not say it uses
        lambda claims: "no.token.atall",
    )
    for sign in ways:
        idp.sign = sign
        refused(signed_in(url), home, NOT_TRUSTED, NOT_TRUSTED)
    idp.sign = None
    assert signed_in(url).status_code == 303


def test_only_the_browser_that_began_gets_in_and_only_once(
    url: str, home: Home, idp: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    idp.forgets = True
    browser, other = requests.Session(), requests.Session()
    back = went(browser, url)
    state = parse_qs(urlsplit(back).query)["state"][0]
    began = browser.cookies.copy()
    for who, at in (
        (other, back),  # with no start of its own
        (browser, back.replace(state, "guessed")),
        (browser, back.replace(f"state={state}", "")),
    ):
        answer = came(who, at)
        assert answer.status_code == 403 and oidc.STALE in answer.text and not answer.cookies
    went(other, url)
    assert oidc.STALE in came(other, back).text, "a start of its own is not this one"
    forged = {oidc.COOKIE: began[oidc.COOKIE][:-2] + "AA"}
    assert oidc.STALE in requests.get(back, cookies=forged, timeout=30).text
    with monkeypatch.context() as later:
        later.setattr(oidc, "LASTS", -1)
        assert oidc.STALE in came(browser, back).text
    assert came(browser, back).status_code == 303
    browser.cookies.update(began)
    assert oidc.STALE in came(browser, back).text, "what was used is over"


def test_a_code_is_another_start_s_to_nobody(url: str, home: Home, idp: Provider) -> None:
    first, second = requests.Session(), requests.Session()
    code = parse_qs(urlsplit(went(first, url)).query)["code"][0]
    mine = went(second, url)
    own = parse_qs(urlsplit(mine).query)["code"][0]
    refused(came(second, mine.replace(own, code)), home, "invalid_grant", "invalid_grant")


def test_another_provider_s_answer_and_none_are_refused(
    url: str, home: Home, idp: Provider
) -> None:
    browser = requests.Session()
    back = went(browser, url).replace("iss=", "iss=x")
    refused(came(browser, back), home, "Another provider", "Another provider")
    state = parse_qs(urlsplit(went(browser, url)).query)["state"][0]
    denied = f"{url}/oidc/callback?error=access_denied%3Cb%3E&state={state}"
    refused(came(browser, denied), home, "access_denied&lt;b&gt;", "access_denied")


def test_who_was_not_added_or_is_disabled_does_not_get_in(
    url: str, home: Home, idp: Provider
) -> None:
    idp.person = {"sub": "8", "email": "binta@example.org"}
    refused(signed_in(url), home, "No user was added here for binta@example.org", "unknown")
    idp.person = {"sub": "7", "email": "\u212aofi@example.org"}  # not a K
    users.add(home, "kofi", "viewer", EVERYTHING, None, "kofi@example.org")
    refused(signed_in(url), home, "No user was added here", "unknown")
    users.set_disabled(home, "amina", True)
    idp.person = {"sub": "7", "email": WHO}
    refused(signed_in(url), home, "is disabled", "disabled")
    users.set_disabled(home, "amina", False)
    assert signed_in(url).status_code == 303


def test_an_address_that_is_given_to_somebody_else_inherits_nothing(
    url: str, home: Home, idp: Provider
) -> None:
    token = signed_in(url).cookies[access.COOKIE]
    idp.person = {"sub": "8", "email": WHO}
    refused(signed_in(url), home, "has another account", "another account")
    idp.person = {"sub": "7", "email": "amina.k@example.org"}
    assert signed_in(url).status_code == 303, "the account stays, whatever its address"
    users.add(home, "amina", None, None, None, WHO)
    assert sessions.user_of(home, token) is None
    idp.person = {"sub": "8", "email": WHO}
    assert signed_in(url).status_code == 303, "told again, it may be another account"


def test_another_claim_tells_the_user_and_may_be_told_elsewhere(
    url: str, home: Home, idp: Provider
) -> None:
    configure(home, idp.url, url, "preferred_username")
    idp.person = {"sub": "9", "preferred_username": "AMINA-9"}
    idp.thin = True
    users.add(home, "amina", None, None, None, "amina-9")
    refused(signed_in(url), home, "No user was added here", "unknown")
    users.add(home, "amina", None, None, None, "AMINA-9")
    assert signed_in(url).status_code == 303
    idp.told = {"sub": "10"}
    refused(signed_in(url), home, "does not tell your preferred_username", "does not tell")


@pytest.mark.parametrize(
    "wanted", ["//else.where", "https://else.where", "/\\else.where", "/a\nb", "", "stock"]
)
def test_nobody_is_led_elsewhere(url: str, wanted: str) -> None:
    browser = requests.Session()
    assert came(browser, went(browser, url, wanted)).headers["Location"] == "/"


def test_a_provider_that_is_none_is_told(url: str, home: Home, idp: Provider) -> None:
    def said(words: str) -> None:
        provider._about.cache_clear()
        answer = requests.get(f"{url}/oidc/start", allow_redirects=False, timeout=30)
        assert answer.status_code == 503 and words in answer.text, answer.text

    idp.about = {"issuer": "http://else.where"}
    said("says that it is http://else.where")
    idp.about = {"token_endpoint": "ftp://else.where"}
    said("tells no token_endpoint that is safe")
    configure(home, f"http://127.0.0.1:{servers.free_port(0)}", url)
    said("does not answer as it should")
    configure(home, "", url)
    said(oidc.NONE)
    assert "oidc/start" not in requests.get(f"{url}/sign-in", timeout=30).text
    home.toml.write_text("what", encoding="utf-8")
    assert requests.get(f"{url}/sign-in", timeout=30).status_code == 200, "passwords still do"


def test_behind_a_proxy_that_speaks_tls_cookies_are_secure(
    url: str, home: Home, idp: Provider
) -> None:
    configure(home, idp.url, "https://reports.example.org")
    page = requests.get(f"{url}/sign-in", timeout=30).text
    assert 'href="https://reports.example.org/oidc/start?next=%2F"' in page
    browser = requests.Session()
    browser.headers["Host"] = "reports.example.org"
    answer = browser.get(f"{url}/oidc/start", allow_redirects=False, timeout=30)
    assert "Secure" in answer.headers["Set-Cookie"]
    query = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert query["redirect_uri"] == ["https://reports.example.org/oidc/callback"]


def test_who_fails_too_often_is_not_listened_to(url: str, idp: Provider) -> None:
    browser, number = requests.Session(), 0
    idp.told = {"nonce": "another"}
    back = went(browser, url)
    began = browser.cookies.copy()
    while door.LOCKED not in (answer := came(browser, back)).text:
        assert NOT_TRUSTED in answer.text or "invalid_grant" in answer.text
        browser.cookies.update(began)
        number += 1
    assert number == 5


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ('[oidc]\nissuer = "http://id.example.org"', "oidc.issuer is 'http://id.example.org'"),
        ('[oidc]\nissuer = "https://id.example.org?x"', "oidc.issuer is"),
        ('[oidc]\nissuer = "https://id.example.org"', "oidc.client_id has to be told"),
        ('[oidc]\nissuer = "https://id.example.org"\nclient_id = "x"', "dashboard.public_url has"),
        ('[oidc]\nclaim = ""', "oidc.claim"),
        ('[dashboard]\npublic_url = "reports.example.org"', "dashboard.public_url is"),
    ],
)
def test_settings_that_cannot_be_are_named(home: Home, told: str, words: str) -> None:
    home.toml.write_text(told, encoding="utf-8")
    with pytest.raises(MainstemError, match=re.escape(words)):
        home.settings()
