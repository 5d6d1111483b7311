"""Contacts and calls when gateway.db cannot be written, as on a full disk."""

import sqlite3
import time
from contextlib import closing

import pytest
from builders import NOW
from served import WRITTEN, Served

from pipelines.gateway import contacts
from pipelines.gateway.state import Contact, State
from pipelines.home import Home


def full(*_: object, **__: object) -> None:
    raise sqlite3.OperationalError("database or disk is full")


def kept(served: Served) -> list[str]:
    con = sqlite3.connect(served.home.gateway)
    told = [what for (what,) in con.execute("select error from contact").fetchall()]
    con.close()
    return told


def test_of_many_calls_that_go_wrong_a_part_is_kept(served: Served) -> None:
    held = contacts.Contacts(State(served.home))
    for number in range(300):
        error = "site_incorrect_password" if number % 2 else ""
        held.note(Contact(101, NOW, "GET site", 1, 0.0, "", "", "", "", error))
    held._flush()
    assert kept(served).count("") == 150
    assert kept(served).count("site_incorrect_password") == contacts.ERRORS


def test_contacts_wait_for_room(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(State, "keep", full)
        with pytest.raises(Exception, match="password"):
            served.client(101, password="wrong").call("GET", "site")
        time.sleep(WRITTEN)
    served.client(101).call("GET", "site")
    time.sleep(WRITTEN)
    assert kept(served) == ["site_incorrect_password"]


def test_a_call_that_cannot_be_kept_is_the_central_s_trouble(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = served.client(101)
    client.call("GET", "site")
    monkeypatch.setattr(State, "change", full)
    answer = served.ask(client, "POST", "initialise", data="{}")
    assert (answer.status_code, answer.json()["error"]["code"]) == (500, "central_error")


def test_a_database_of_an_earlier_version_is_brought_up_to_date(home_to_serve: Home) -> None:
    with closing(sqlite3.connect(home_to_serve.gateway)) as con:
        con.execute("alter table standing drop column own")
    assert State(home_to_serve).standing(101).own == 0
