"""The pages of the hub itself: quarantine, a site, the cycles; their figures are the commands'."""

import shutil

import pytest
from shown import opened
from small_home import NOW, held, run, send
from streamlit.testing.v1 import AppTest

from dashboard import hub
from pipelines.admin import quarantine
from pipelines.home import Home


@pytest.fixture(scope="module")
def troubled(made: Home, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The home after a cycle that refused four lines of two sites, and has one wait."""
    home = Home(shutil.copytree(made.path, tmp_path_factory.mktemp("troubled") / "home"))
    line = {"ID": "LATE-1", "transaction_ID": "LATE", "item_ID": "AMOX", "quantity": 1}
    send(home, 101, "0002", [*held("S1", "AMOX", 1), ("trans_line", line)])
    send(home, 102, "0002", [*held("N1", "AMOX", 1), *held("N1", "PARA", 1)])
    (home.inbox / "102" / "0003.ndjson").write_text("nothing\n", encoding="utf-8")
    run(home, "2024-05-02T07:00:00")
    return home


@pytest.fixture
def home(troubled: Home, monkeypatch: pytest.MonkeyPatch) -> Home:
    """The home that is shown, at NOW."""
    monkeypatch.setenv("MAINSTEM_HOME", str(troubled.path))
    monkeypatch.setenv("MAINSTEM_NOW", NOW)
    return troubled


def named(app: AppTest) -> list[str]:
    """The lines that the page's command asks to have judged again."""
    return app.code[0].value.split(" retry")[1].split()


def picking(app: AppTest) -> bool:
    """Whether the page asks to pick lines."""
    return any(it.value.startswith("Pick up to 2 lines") for it in app.caption)


def test_quarantine_shows_what_the_command_lists(home: Home) -> None:
    told = quarantine.listed(home)
    assert {line["reason"] for line in told} == {"not_owner", "malformed"} and len(told) == 4
    assert hub.held_rows(hub.Held()).to_dicts() == told
    app = opened("quarantine")
    shown = app.dataframe[0].value
    assert list(shown["id"]) == [line["id"] for line in told]
    assert list(shown["detail"]) == [line["detail"] for line in told]
    assert shown["reason"][0] == told[0]["reason"].replace("_", " ")
    texts = [it.value for it in app.markdown]
    assert any(text.startswith("**not owner** · 3 lines. The record belongs") for text in texts)
    assert "4 rows" in texts
    assert app.code[0].value == (
        f"mainstem quarantine show {told[0]['id']}\nmainstem quarantine retry"
    )


def test_what_waits_is_shown_apart(home: Home) -> None:
    (told,) = quarantine.listed(home, deferred=True)
    app = opened("quarantine", show="Waiting")
    assert list(app.dataframe[0].value["id"]) == [told["id"]]
    assert app.code[0].value.endswith(f"mainstem quarantine retry {told['id']}")


def test_quarantine_is_narrowed_by_reason_and_site(home: Home) -> None:
    told = quarantine.listed(home, site=102, reason="not_owner")
    app = opened("quarantine", reason="not_owner", site="102")
    ids = [line["id"] for line in told]
    assert list(app.dataframe[0].value["id"]) == ids and len(ids) == 2
    assert app.code[0].value.endswith(f"mainstem quarantine retry {ids[0]} {ids[1]}")
    none = opened("quarantine", reason="malformed", site="101")
    assert "Remove a filter" in none.info[0].value and not none.dataframe


def test_lines_that_are_picked_are_named_in_the_command(home: Home) -> None:
    app = opened("quarantine")
    app.session_state["lines"] = {"selection": {"rows": [1, 3], "columns": [], "cells": []}}
    app.run()
    ids = list(app.dataframe[0].value["id"])
    assert app.code[0].value == (
        f"mainstem quarantine show {ids[1]}\nmainstem quarantine retry {ids[1]} {ids[3]}"
    )


def test_a_long_list_is_named_by_picking(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened("quarantine", site="102")
    assert len(named(app)) == 3 and not picking(app)
    monkeypatch.setattr(hub, "NAMED", 2)
    assert len(named(app.run())) == 2 and picking(app)
    monkeypatch.setattr(hub, "SHOWN", 1)
    app.run()
    assert "3 rows · the first 1 are shown, downloads hold all" in [it.value for it in app.markdown]


def test_an_empty_quarantine_says_so(made: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAINSTEM_HOME", str(made.path))
    assert opened("quarantine").info[0].value.startswith("No line is in quarantine")
    assert opened("quarantine", show="Waiting").info[0].value.startswith("No line waits")
