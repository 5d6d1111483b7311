"""Contacts and calls when gateway.db cannot be written, as on a full disk."""

import sqlite3
import time
from collections.abc import Callable
from typing import Any

import pytest
from served import Served

from pipelines.gateway.contacts import EVERY
from pipelines.gateway.state import State

Keep = Callable[[State, Any], None]


def full(*_: object, **__: object) -> None:
    raise sqlite3.OperationalError("database or disk is full")


def kept(served: Served) -> list[str]:
    con = sqlite3.connect(served.home.gateway)
    told = [what for (what,) in con.execute("select error from contact").fetchall()]
    con.close()
    return told


def test_contacts_wait_for_room(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(State, "keep", full)
        with pytest.raises(Exception, match="password"):
            served.client(101, password="wrong").call("GET", "site")
        time.sleep(2 * EVERY)
    served.client(101).call("GET", "site")
    time.sleep(2 * EVERY)
    assert kept(served) == ["site_incorrect_password"]


def test_a_call_that_cannot_be_kept_is_the_central_s_trouble(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = served.client(101)
    client.call("GET", "site")
    monkeypatch.setattr(State, "change", full)
    answer = served.ask(client, "POST", "initialise", data="{}")
    assert (answer.status_code, answer.json()["error"]["code"]) == (500, "central_error")
