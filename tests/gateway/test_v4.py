"""Users of sites: added at the hub, signing in at a site through the gateway."""

import io
import sys
from typing import Any

import pytest
import requests
from builders import outbox
from said import Call, complains
from served import Served

from pipelines.admin import credentials

AMINA = ("site-user", "add", "amina", "--store", "S101", "--first-name", "Amina", "--json")


def login(served: Served, name: str, password: str, **told: Any) -> requests.Response:
    body = {"username": name, "password": password, "loginType": "User", "siteName": "Site 101"}
    return requests.post(f"{served.url}/api/v4/login", json=body | told, timeout=30)


def test_a_user_signs_in_with_its_stores_and_permissions(served: Served, call: Call) -> None:
    password = call(*AMINA, "--permission", 2, "--permission", 203, at=served.home).json["password"]
    answer = login(served, "Amina", password)
    assert answer.status_code == 200
    told = answer.json()
    assert (told["status"], told["authenticated"], told["username"]) == ("success", True, "amina")
    (store,) = told["userInfo"]["userStores"]
    assert (store["store_ID"], store["can_login"], store["store_default"]) == ("S101", True, True)
    assert [at + 1 for at, granted in enumerate(store["permissions"]) if granted] == [2, 203]
    user = told["userInfo"]["user"]
    assert (user["first_name"], user["active"], user["ID"]) == ("Amina", True, store["user_ID"])
    keys = {
        "string": "ID name startup_method group_id mode initials first_name last_name address_1 "
        "address_2 e_mail phone1 phone2 job_title ldap_login_string windows_user_name "
        "license_category_id spare_1",
        "number": "nblogins lasttime Language",
        "flag": "active responsible_officer use_ldap receives_sms_errors is_group "
        "isInactiveAuthoriser",
    }
    kinds = {"string": str, "number": int, "flag": bool}
    for kind, names in keys.items():
        assert all(type(user[key]) is kinds[kind] for key in names.split())


def test_the_user_goes_to_every_site_and_its_password_to_none(served: Served, call: Call) -> None:
    password = call(*AMINA, at=served.home).json["password"]
    served.cycle()
    lines = [line for line in outbox(served.home, "central") if line["tableName"] == "user"]
    assert [line["recordData"]["name"] for line in lines] == ["amina"]
    assert password not in str(lines)
    call(*AMINA[:-1], "--last-name", "Bello", "--json", at=served.home)
    served.cycle()
    lines = [line for line in outbox(served.home, "central") if line["tableName"] == "user"]
    assert len({line["recordId"] for line in lines}) == 1, "known by name, it is the same user"
    assert lines[-1]["recordData"]["last_name"] == "Bello"
    assert login(served, "amina", password).ok, "its password stays"


def test_a_user_that_still_waits_is_the_same_when_added_again(served: Served, call: Call) -> None:
    call(*AMINA, at=served.home)
    call("site-user", "add", "AMINA", "--store", "S102", "--json", at=served.home)
    served.cycle()
    lines = [line for line in outbox(served.home, "central") if line["tableName"] == "user"]
    assert {line["recordData"]["first_name"] for line in lines} == {"Amina"}
    assert len({line["recordId"] for line in lines}) == 1


def test_who_is_disabled_or_guesses_is_kept_out(served: Served, call: Call) -> None:
    password = call(*AMINA, at=served.home).json["password"]
    call("site-user", "disable", "amina", at=served.home)
    assert login(served, "amina", password).status_code == 401
    assert (
        call("site-user", "list", "--json", at=served.home).json["users"][0]["state"] == "disabled"
    )
    call("site-user", "disable", "amina", "--off", at=served.home)
    assert login(served, "amina", password).ok
    for _ in range(4):
        assert login(served, "AMINA", "wrong").status_code == 401
    answer = login(served, "amina", password)
    assert answer.status_code == 403
    assert answer.json()["status"] == "user_login_timeout"
    assert 0 < answer.json()["timeoutRemaining"] <= 300_000
    assert login(served, "nobody", "x").status_code == 401


@pytest.mark.parametrize("body", ["", "{", "[]", "7", '{"username":"amina"}', "[" * 100_000])
def test_a_body_that_is_none_signs_nobody_in(body: str, served: Served) -> None:
    answer = requests.post(f"{served.url}/api/v4/login", data=body, timeout=30)
    assert answer.status_code == 400


def test_the_longest_name_and_password_that_are_taken_sign_in(
    served: Served, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = ("site-user", "add", "n" * 200, "--store", "S101", "--password-stdin")
    monkeypatch.setattr(sys, "stdin", io.StringIO("p" * 201))
    complains(call(*told, at=served.home), "up to 200")
    monkeypatch.setattr(sys, "stdin", io.StringIO("p" * 200))
    call(*told, at=served.home)
    assert login(served, "n" * 200, "p" * 200).ok


def test_what_cannot_be_added_is_told(served: Served, call: Call) -> None:
    complains(call("site-user", "add", "x", "--store", "NONE", at=served.home), "no store NONE")
    complains(call("site-user", "add", " ", "--store", "S101", at=served.home), "is empty")
    long = ("site-user", "add", "x" * 201, "--store", "S101")
    complains(call(*long, at=served.home), "longer than 200")
    complains(call("site-user", "disable", "nobody", at=served.home), "no user nobody")
    complains(
        call("site-user", "add", "x", "--store", "S101", "--permission", 0, at=served.home),
        "from 1 to 203",
        status=2,
    )
    assert call("site-user", "list", at=served.home).out.startswith("There are no users")
    assert credentials.devices(served.home) == {101: None, 102: None}


def test_half_a_character_is_nobody_s_name(served: Served) -> None:
    for name, password in (("\ud800", "x"), ("amina", "\ud800")):
        answer = login(served, name, password)
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, "malformed_request")
