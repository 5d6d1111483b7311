"""Users of the dashboard, by the commands: added, listed, granted, disabled, and the trail."""

import io
import sqlite3
import sys
from contextlib import closing

import duckdb
import pytest
from said import Call, complains

from pipelines.admin import sessions
from pipelines.home import Home
from warehouse.scope import EVERYTHING, Scope


@pytest.fixture
def hub(own_home: Home) -> Home:
    """A home of the test's own, in which nobody has done anything."""
    own_home.gateway.unlink(missing_ok=True)
    return own_home


def user(hub: Home, name: str, password: str) -> sessions.User | None:
    """Who is signed in by a name and a password."""
    token = sessions.sign_in(hub, name, password, "here")
    return sessions.user_of(hub, token) if token else None


def test_a_user_is_added_with_a_password_that_is_printed_once(hub: Home, call: Call) -> None:
    said = call("user", "add", "amina", "--role", "administrator", at=hub)
    password, sentence = said.out.splitlines()
    assert sentence == "User amina, administrator, sees everything."
    password = password.removeprefix("Password: ")
    assert user(hub, "Amina", password) == sessions.User("amina", "administrator", EVERYTHING)
    assert user(hub, "amina", password + "x") is None and user(hub, "else", password) is None
    assert password.encode() not in hub.gateway.read_bytes()
    assert hub.gateway.stat().st_mode & 0o077 == 0
    assert password not in call("user", "list", "--json", at=hub).out


def test_a_password_may_come_from_standard_input(
    hub: Home, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    for text, wrong in (("short\n", "8 to 200"), ("\n", "Standard input has no password")):
        monkeypatch.setattr(sys, "stdin", io.StringIO(text))
        complains(call("user", "add", "amina", "--password-stdin", at=hub), wrong)
    monkeypatch.setattr(sys, "stdin", io.StringIO("long enough\n"))
    said = call("user", "add", "amina", "--password-stdin", "--json", at=hub)
    assert said.json == {"user": "amina", "role": "viewer", "password": None}
    assert user(hub, "amina", "long enough") == sessions.User("amina", "viewer", EVERYTHING)


def test_what_a_user_is_granted(hub: Home, call: Call) -> None:
    told = ("--role", "supervisor", "--region", "South", "--store", "N1", "--json")
    password = call("user", "add", "binta", *told, at=hub).json["password"]
    scope = Scope(regions=("South",), stores=("N1",))
    assert user(hub, "binta", password) == sessions.User("binta", "supervisor", scope)
    call("user", "add", "chad", "--store", "S1", at=hub)
    assert call("user", "list", "--json", at=hub).json["users"] == [
        {
            "user": "binta", "role": "supervisor", "granted": "region South, store N1", "oidc": "",
            "state": "",
        },
        {"user": "chad", "role": "viewer", "granted": "store S1", "oidc": "", "state": ""},
    ]  # fmt: skip
    said = call("user", "grant", "chad", "--region", "North", "--store", "S1", at=hub)
    assert said.out == "User chad sees region North, store S1.\n"
    said = call("user", "grant", "BINTA", "--everything", at=hub)
    assert said.out == "User BINTA sees everything.\n"
    found = user(hub, "binta", password)
    assert found is not None and found.scope == EVERYTHING


def test_a_user_added_again_is_changed_and_signed_out(hub: Home, call: Call) -> None:
    password = call("user", "add", "binta", "--region", "South", "--json", at=hub).json["password"]
    token = sessions.sign_in(hub, "binta", password, "here") or ""
    said = call("user", "add", "binta", "--role", "supervisor", "--store", "S1", "--json", at=hub)
    assert said.json["password"] is None, "the password stays"
    assert sessions.user_of(hub, token) is None
    told = sessions.User("binta", "supervisor", Scope(stores=("S1",)))
    assert user(hub, "binta", password) == told


def test_a_new_password_changes_nothing_else(
    hub: Home, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    call("user", "add", "binta", "--role", "supervisor", "--region", "South", at=hub)
    call("user", "disable", "binta", at=hub)
    monkeypatch.setattr(sys, "stdin", io.StringIO("long enough\n"))
    said = call("user", "add", "binta", "--password-stdin", at=hub)
    assert said.out == "User binta, supervisor, sees region South once it is enabled.\n"
    assert user(hub, "binta", "long enough") is None
    call("user", "disable", "binta", "--off", at=hub)
    told = sessions.User("binta", "supervisor", Scope(regions=("South",)))
    assert user(hub, "binta", "long enough") == told


def test_the_trail_shows_what_was_typed_without_its_control_characters(
    hub: Home, call: Call
) -> None:
    sessions.sign_in(hub, "\x1b[2Jx\n2024 amina", "wrong", "here")
    lines = call("user", "trail", at=hub).out.splitlines()
    assert len(lines) == 2 and "\ufffd[2Jx\ufffd2024 amina" in lines[1]


def test_a_disabled_user_is_signed_out_and_stays_out(hub: Home, call: Call) -> None:
    password = call("user", "add", "binta", "--json", at=hub).json["password"]
    token = sessions.sign_in(hub, "binta", password, "here") or ""
    assert call("user", "disable", "binta", at=hub).out == "User binta is disabled.\n"
    assert sessions.user_of(hub, token) is None and user(hub, "binta", password) is None
    assert call("user", "list", "--json", at=hub).json["users"][0]["state"] == "disabled"
    call("user", "disable", "binta", "--off", at=hub)
    assert sessions.user_of(hub, token) is None and user(hub, "binta", password) is not None


def test_the_trail_has_what_was_done_the_newest_first(hub: Home, call: Call) -> None:
    assert call("user", "trail", at=hub).out == "Nobody has done anything yet.\n"
    assert call("user", "list", at=hub).out == "There are no users yet: 'mainstem user add'.\n"
    call("user", "add", "binta", at=hub)
    call("user", "add", "amina", at=hub)
    user(hub, "binta", "wrong")
    trail = call("user", "trail", "--json", at=hub).json["trail"]
    assert [(it["user"], it["what"]) for it in trail] == [
        ("binta", "refused"), ("amina", "added"), ("binta", "added"),
    ]  # fmt: skip
    said = call("user", "trail", "--user", "Binta", "--last", 1, "--json", at=hub)
    assert [(it["user"], it["what"]) for it in said.json["trail"]] == [("binta", "refused")]


def test_what_is_one_by_name_and_two_in_truth_is_not_granted(hub: Home, call: Call) -> None:
    with duckdb.connect(hub.reports) as con:
        con.execute("update marts.store set district = 'Hill' where store_code in ('N1', 'S1')")
        con.execute(
            "insert into marts.store select * replace ('X' as store_id) from marts.store "
            "where store_code = 'S2'"
        )
    told = call("user", "add", "x", "--district", "Hill", at=hub)
    complains(told, "Hill is a district in 2 regions. Grant its stores.")
    told = call("user", "add", "x", "--store", "S2", at=hub)
    complains(told, "2 stores have the code S2.")
    call("user", "add", "x", "--store", "N1", "--store", "S1", "--region", "South", at=hub)
    complains(call("user", "grant", "x", "--district", "Hill", at=hub), "in 2 regions")


def test_what_cannot_be_is_told(hub: Home, call: Call) -> None:
    complains(call("user", "add", "x", "--region", "Nowhere", at=hub), "no region Nowhere")
    complains(call("user", "add", "x", "--district", "Nowhere", at=hub), "no district Nowhere")
    complains(call("user", "add", "x", "--store", "NONE", at=hub), "no store NONE")
    complains(call("user", "add", "x", "--region", "", at=hub), "no region")
    told = ("--role", "administrator", "--store", "S1")
    complains(call("user", "add", "x", *told, at=hub), "sees everything", "--role supervisor")
    complains(call("user", "add", " ", at=hub), "empty")
    complains(call("user", "add", "x" * 201, at=hub), "longer than 200")
    complains(call("user", "grant", "nobody", "--store", "S1", at=hub), "no user nobody")
    complains(call("user", "disable", "nobody", at=hub), "no user nobody")
    call("user", "add", "amina", at=hub)
    complains(call("user", "grant", "amina", "--store", "S1", at=hub), "granted everything")
    complains(call("user", "grant", "amina", at=hub), "--everything", status=2)


def test_who_signs_in_by_openid_connect_needs_no_password(hub: Home, call: Call) -> None:
    said = call("user", "add", "amina", "--oidc", " amina@example.org ", at=hub)
    assert said.out == "User amina, viewer, sees everything.\n"
    assert [user(hub, "amina", it) for it in ("", "x")] == [None, None]
    told = call("user", "list", "--json", at=hub).json["users"]
    assert [it["oidc"] for it in told] == ["amina@example.org"]
    other = ("user", "add", "binta", "--oidc", "AMINA@example.org")
    complains(call(*other, at=hub), "Another user signs in as AMINA@example.org")
    complains(call("user", "add", "binta", "--oidc", " ", at=hub), "--oidc is empty")
    assert len(call("user", "list", "--json", at=hub).json["users"]) == 1
    call("user", "add", "amina", "--role", "supervisor", at=hub)
    assert call("user", "list", "--json", at=hub).json["users"][0]["oidc"] == "amina@example.org"
    password = call("user", "add", "amina", "--oidc", "", "--json", at=hub).json["password"]
    assert user(hub, "amina", password) is not None, "without it a password is made"
    assert call("user", "list", "--json", at=hub).json["users"][0]["oidc"] == ""


def test_users_of_an_earlier_version_go_on(hub: Home, call: Call) -> None:
    password = call("user", "add", "amina", "--json", at=hub).json["password"]
    with closing(sqlite3.connect(hub.gateway)) as con:
        con.execute("drop table user_identity")
    assert len(call("user", "list", "--json", at=hub).json["users"]) == 1
    assert user(hub, "amina", password) is not None


def test_the_trail_tells_why_somebody_was_refused(hub: Home, call: Call) -> None:
    password = call("user", "add", "amina", "--json", at=hub).json["password"]
    user(hub, "amina", "wrong")
    user(hub, "nobody", "wrong")
    call("user", "disable", "amina", at=hub)
    user(hub, "amina", password)
    trail = call("user", "trail", "--json", at=hub).json["trail"]
    told = [it["detail"] for it in trail if it["what"] == "refused"]
    assert told == ["disabled", "unknown", "wrong password"]
