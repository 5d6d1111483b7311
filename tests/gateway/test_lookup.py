"""Looking up patients, and having one at a store of the site that asks."""

import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest
import requests
from builders import delete, push, put, run
from served import Served

from pipelines import patients
from pipelines.admin.backup import backup
from pipelines.admin.restore import restore
from pipelines.home import Home

ADA = {"first": "Ada", "last": "Okoye", "name": "Okoye, Ada", "code": "P-0001",
       "date_of_birth": "1990-04-02T00:00:00", "supplying_store_id": "S101",
       "national_health_number": "SECRET"}  # fmt: skip
BOB = {"first": "Bob_%", "last": "Okoye", "name": "Okoye, Bob", "code": "P-0002",
       "supplying_store_id": "S101"}  # fmt: skip


def patient(id: str, told: dict[str, str]) -> dict[str, Any]:
    return put("name", {"ID": id, "type": "patient", **told})


def insurance(id: str, patient: str, number: str) -> dict[str, Any]:
    return put("nameInsuranceJoin", {"ID": id, "nameID": patient, "policyNumberFull": number})


@pytest.fixture(scope="module")
def people(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with two patients, whose home store is S101; to be copied."""
    home = Home(Path(shutil.copytree(template, tmp_path_factory.mktemp("people") / "home")))
    lines = [patient("ADA", ADA), patient("BOB", BOB)]
    push(home, 101, "001", [*lines, insurance("I1", "BOB", "77-1")])
    assert run(home)["accepted"] == 3
    return home.path


@pytest.fixture
def home_to_serve(people: Path, tmp_path: Path) -> Home:
    """A copy of it."""
    return Home(Path(shutil.copytree(people, tmp_path / "home")))


@pytest.fixture
def peopled(served: Served) -> Served:
    """It, served."""
    return served


def ask(served: Served, asked: dict[str, str], site: int = 102) -> requests.Response:
    headers = {"Authorization": served.client(site).headers()["Authorization"]}
    url = f"{served.url}/api/v4/patient"
    return requests.get(url, params=asked, headers=headers, timeout=30)


@pytest.mark.parametrize(
    ("asked", "ids"),
    [
        ({}, ["ADA", "BOB"]),
        ({"last_name": "@koy@"}, ["ADA", "BOB"]),
        ({"last_name": "okoye", "first_name": "@AD@"}, ["ADA"]),
        ({"last_name": "koye"}, []),
        ({"first_name": "@_%@"}, ["BOB"]),
        ({"dob": "1990-04-02"}, ["ADA"]),
        ({"code": "P-0002"}, ["BOB"]),
        ({"policy_number": "77-1"}, ["BOB"]),
        ({"policy_number": "77"}, []),
        ({"limit": "1"}, ["ADA"]),
        ({"limit": "1", "offset": "1"}, ["BOB"]),
        ({"limit": "x", "is_deleted": "false"}, ["ADA", "BOB"]),
        ({"first_name": "' or 1=1 --"}, []),
    ],
)
def test_patients_are_found(asked: dict[str, str], ids: list[str], peopled: Served) -> None:
    answer = ask(peopled, asked)
    assert (answer.status_code, [told["ID"] for told in answer.json()]) == (200, ids)


def test_a_patient_is_told_with_all_keys_and_nothing_more(peopled: Served) -> None:
    (told,) = ask(peopled, {"code": "P-0001"}).json()
    assert told == {
        "ID": "ADA", "name": "Okoye, Ada", "phone": "", "email": "", "code": "P-0001",
        "last": "Okoye", "first": "Ada", "date_of_birth": "1990-04-02T00:00:00",
    }  # fmt: skip
    assert b"SECRET" not in peopled.home.patients.read_bytes()
    assert peopled.home.patients.stat().st_mode & 0o077 == 0


def ids(home: Home) -> list[str]:
    return [told["ID"] for told in patients.found(home, {})]


def test_the_index_follows_the_records_and_is_made_anew_when_it_is_lost(peopled: Served) -> None:
    home = peopled.home
    push(home, 101, "002", [delete("name", "BOB"), patient("ADA", ADA | {"last": "B"})])
    peopled.cycle()
    assert [told["last"] for told in patients.found(home, {})] == ["B"]
    for damage in (home.patients.unlink, lambda: home.patients.write_bytes(b"x" * 5000)):
        damage()
        assert ids(home) == []
        peopled.cycle()
        assert ids(home) == ["ADA"]
    with sqlite3.connect(home.patients) as con:
        con.execute("delete from patient")
        con.execute("update published set cycle = 1")
    peopled.cycle()
    assert ids(home) == ["ADA"], "it was behind"


def test_look_ups_need_a_site_and_have_an_end(peopled: Served) -> None:
    assert requests.get(f"{peopled.url}/api/v4/patient", timeout=30).status_code == 401
    told = [ask(peopled, {"code": "nobody"}).status_code for _ in range(61)]
    assert told == [200] * 60 + [429]
    assert ask(peopled, {}, site=101).status_code == 200


def join(served: Served, patient: Any, store: Any, site: int = 102) -> requests.Response:
    headers = {"Authorization": served.client(site).headers()["Authorization"]}
    body = {"name_ID": patient, "store_ID": store}
    url = f"{served.url}/api/v4/name_store_join"
    return requests.post(url, json=body, headers=headers, timeout=60)


def test_a_patient_that_is_asked_for_comes_with_the_next_sync(peopled: Served) -> None:
    client = peopled.client(102)
    with peopled.looped():
        client.sync()
        peopled.got[102].clear()
        answer = join(peopled, "ADA", "S102")
        assert answer.status_code == 200
        assert answer.json().items() >= {"name_ID": "ADA", "store_ID": "S102"}.items()
        assert join(peopled, "ADA", "S102").json() == answer.json()
        client.sync()
    came = {told["recordId"] for told in peopled.got[102]}
    assert {"ADA", answer.json()["ID"]} <= came and "BOB" not in came


@pytest.mark.parametrize(
    ("patient", "store", "status"),
    [("ADA", "S101", 403), ("NOBODY", "S102", 404), ("CUSTOMERS", "S102", 404), (7, "S102", 400),
     ("ADA", None, 400)],
)  # fmt: skip
def test_a_join_that_is_not_the_site_s_to_ask_for_is_refused(
    patient: Any, store: Any, status: int, peopled: Served
) -> None:
    assert join(peopled, patient, store).status_code == status
    assert not list((peopled.home.inbox / "1").glob("*.ndjson"))


def test_a_restored_hub_makes_the_index_anew(peopled: Served, tmp_path: Path) -> None:
    backup(peopled.home, tmp_path / "backups")
    push(peopled.home, 101, "002", [delete("name", "BOB")])
    peopled.cycle()
    shutil.rmtree(peopled.home.archive / "000000/000000003")
    restore(peopled.home, tmp_path / "backups")
    peopled.cycle()
    assert ids(peopled.home) == ["ADA", "BOB"]
