"""Who sees what: roles, sessions, and two supervisors of different regions who never meet."""

import os
import random
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pypdfium2
import pytest
import streamlit as st
from shown import opened, turned
from small_home import NOW, held, run, send
from streamlit.testing.v1 import AppTest

from dashboard import access, menu, serve
from pipelines.admin import sessions, users
from pipelines.errors import MainstemError
from pipelines.home import Home
from warehouse.scope import EVERYTHING, Scope

PASSWORD = "a pass phrase"
ACTIONS = int(os.environ.get("MAINSTEM_ACTIONS", "60"))  # of two supervisors, at random
PAGES = [name for part in menu.PAGES.values() for name in part]
STORES = {
    "North": {"N1", "North hospital"},
    "South": {"S1", "S2", "South clinic", "Lake clinic, =SUM(1)"},
}


@pytest.fixture(scope="module")
def refused(made: Home, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The home after a cycle that refused a line."""
    home = Home(shutil.copytree(made.path, tmp_path_factory.mktemp("refused") / "home"))
    send(home, 101, "0009", held("S1", "AMOX", 1))
    run(home, "2024-05-02T07:00:00")
    return home


@pytest.fixture
def held_home(refused: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A home of the test's own with a refused line, where people sign in."""
    copy = Home(shutil.copytree(refused.path, tmp_path / "home"))
    monkeypatch.setenv("MAINSTEM_HOME", str(copy.path))
    monkeypatch.setenv("MAINSTEM_NOW", NOW)
    monkeypatch.delenv(serve.OPEN)
    monkeypatch.setattr(access, "address", lambda: "here")
    return copy


@dataclass
class Browser:
    """A browser that may have a session."""

    home: Home
    token: str = ""

    def sign_in(self, name: str, role: str = "supervisor", scope: Scope = EVERYTHING) -> str:
        """Sign in as a new user."""
        users.add(self.home, name, role, scope, PASSWORD)
        self.token = sessions.sign_in(self.home, name, PASSWORD, "here") or ""
        return self.token


@pytest.fixture
def browser(held_home: Home, monkeypatch: pytest.MonkeyPatch) -> Browser:
    """The browser that looks at pages."""
    told = Browser(held_home)
    monkeypatch.setattr(access, "token", lambda: told.token)
    return told


@pytest.fixture
def offered(monkeypatch: pytest.MonkeyPatch) -> dict[str, Callable[[], Any]]:
    """The files that a page offers, as what makes them, by the label; the last drawn of each."""
    found: dict[str, Callable[[], Any]] = {}
    draw = st.download_button

    def drawn(label: str, data: Callable[[], Any], *told: Any, **looks: Any) -> bool:
        found[label] = data
        return draw(label, data, *told, **looks)

    monkeypatch.setattr(st, "download_button", drawn)
    return found


def ended(app: AppTest) -> bool:
    """Whether the page shows nothing but that the session has ended."""
    return [it.value for it in app.warning] == [f"{access.ENDED} [Sign in](/sign-in)"] and not any(
        app.get(kind) for kind in ("arrow_data_frame", "metric", "caption", "download_button")
    )


def test_who_has_not_signed_in_sees_nothing(browser: Browser) -> None:
    assert not browser.token and ended(app := opened())
    for page in PAGES:
        assert ended(turned(app, page, region="South"))


@pytest.mark.parametrize(
    ("role", "downloads", "retries"),
    [("administrator", 2, True), ("supervisor", 2, False), ("viewer", 0, False)],
)
def test_a_role_is_offered_what_it_may_do(
    browser: Browser, role: str, downloads: int, retries: bool
) -> None:
    browser.sign_in("amina", role)
    app = opened("quarantine")
    assert len(app.get("download_button")) == downloads
    assert [it.label for it in app.button] == (["Judge 1 line again"] if retries else [])
    assert len(app.code) == retries, "the commands that do it"
    assert f"Signed in as amina, {role}: sees everything." in [it.value for it in app.caption]


def test_an_administrator_has_lines_judged_again(browser: Browser, held_home: Home) -> None:
    browser.sign_in("amina", "administrator")
    opened("quarantine").button[0].click().run()
    assert [it.read_text()[:9] for it in held_home.requests.glob("*.json")] == ['{"retry":']
    last = sessions.trail(held_home)[0]
    assert (last["user"], last["what"], last["detail"]) == ("amina", "retry", "1 line")


def test_a_download_is_noted_and_asks_again_who_it_is(
    browser: Browser, held_home: Home, offered: dict[str, Callable[[], bytes]]
) -> None:
    browser.sign_in("binta", scope=Scope(regions=("South",)))
    opened("stock", region="South")
    csv, excel = offered["CSV"], offered["Excel"]
    assert b"S1," in csv() and excel()
    noted = [(it["user"], it["what"], it["detail"]) for it in sessions.trail(held_home)][:2]
    assert noted == [
        ("binta", "download", f"stock-on-hand-2024-05-02.{kind}, Regions South")
        for kind in ("xlsx", "csv")
    ]
    users.grant(held_home, "binta", Scope(stores=("N1",)))
    with pytest.raises(MainstemError, match="has changed"):
        csv()
    users.set_disabled(held_home, "binta", True)
    with pytest.raises(MainstemError, match="has ended"):
        csv()


def test_what_an_administrator_changes_holds_at_the_next_rerun(
    browser: Browser, held_home: Home
) -> None:
    browser.sign_in("binta", scope=Scope(stores=("S2",)))
    app = opened("stock")
    assert set(app.dataframe[0].value["store_code"]) == {"S2"}
    users.grant(held_home, "binta", Scope(regions=("North",)))
    app.run()
    assert set(app.dataframe[0].value["store_code"]) == {"N1", "S2"}
    users.set_disabled(held_home, "binta", True)
    assert ended(app.run())
    users.set_disabled(held_home, "binta", False)
    assert ended(app.run()), "a session that ended stays so"


def test_a_session_ends_with_its_day(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    browser.sign_in("amina")
    app = opened("sync")
    assert not ended(app)
    monkeypatch.setenv("MAINSTEM_NOW", "2024-05-02T20:00:01")
    assert ended(app.run())


def seen(app: AppTest) -> set[str]:
    """Every text on a page, and every cell of its tables."""
    found: set[str] = set()
    for node in app.main:
        for value in (getattr(node, "value", None), getattr(node, "options", None)):
            if isinstance(value, pd.DataFrame):
                found |= {str(cell) for cell in value.to_numpy().ravel()}
            elif value is not None:
                found |= {str(it) for it in (value if isinstance(value, list) else [value])}
    return found


def told_by(kind: str, file: bytes) -> set[str]:
    """What the cells of a CSV say, or the words and lines of a card."""
    if kind == "CSV":
        return set(file.decode().replace("\n", ",").split(","))
    text = pypdfium2.PdfDocument(file)[0].get_textpage().get_text_range()
    return set(text.split()) | set(text.splitlines())


def test_two_supervisors_never_see_a_store_of_the_other(
    browser: Browser, offered: dict[str, Callable[[], Any]]
) -> None:
    who = {region: browser.sign_in(region, scope=Scope(regions=(region,))) for region in STORES}
    apps: dict[str, AppTest] = {}
    chance = random.Random(7)
    met: dict[str, set[str]] = {region: set() for region in STORES}
    for _ in range(ACTIONS):
        region = chance.choice(list(STORES))
        browser.token = who[region]
        page = chance.choice(PAGES)
        told: dict[str, Any] = {}
        if chance.random() < 0.5:  # a link that the other sent
            told["region"] = chance.choice(list(STORES))
        if chance.random() < 0.5:
            told["store"] = chance.sample(["N1", "S1", "S2"], 2)
        if page == "site":
            told["site"] = str(chance.choice([101, 102, 103]))
        offered.clear()
        apps[region] = turned(apps.get(region) or opened(), page, **told)
        texts = seen(apps[region])
        files = [it for it in ("CSV", "Report card") if it in offered]
        if files and chance.random() < 0.5:
            kind = chance.choice(files)
            texts |= told_by(kind, offered[kind]())
        other = STORES["South" if region == "North" else "North"]
        named = [text for text in texts for name in other if " " in name and name in text]
        assert not texts & other and not named, (page, told)
        met[region] |= texts & STORES[region]
    assert {"N1"} <= met["North"] and {"S1", "S2"} <= met["South"]
