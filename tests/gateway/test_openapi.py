"""The gateway's description of itself: it names every route, and answers are as it says."""

import json
from typing import Any

import pytest
import requests
import schemathesis
from served import Served
from serving import serving
from starlette.routing import Route

from pipelines.gateway import openapi
from pipelines.gateway.app import application
from pipelines.home import Home
from pipelines.simulation.client import Client

DOCUMENT = schemathesis.openapi.from_dict(openapi.document(True))


def who(client: Client, **more: Any) -> dict[str, Any]:
    """A body of v6: who calls, and more."""
    told = {"username": client.name, "passwordSha256": client.sent, "siteUuid": client.hardware}
    return {"syncV5Settings": {**told, "syncVersion": "14"}, "syncV6Version": 5, **more}


def ask(url: str, method: str, path: str, **told: Any) -> int:
    """The status of an answer, which is as the document says."""
    answer = requests.request(method, f"{url}{path}", timeout=60, **told)
    DOCUMENT[path.partition("?")[0]][method].validate_response(answer)
    return answer.status_code


def test_it_is_valid() -> None:
    DOCUMENT.validate()


@pytest.mark.parametrize("test_api", [False, True])
def test_it_names_every_route_and_no_other(home_to_serve: Home, test_api: bool) -> None:
    app = application(home_to_serve, test_api=test_api)
    routes = {
        (method, route.path)
        for route in app.routes
        if isinstance(route, Route)
        for method in (route.methods or ()) - {"HEAD"}
    }
    told = {
        (method.upper(), path)
        for path, operations in openapi.document(test_api)["paths"].items()
        for method in operations
        if method != "parameters"
    }
    assert told == routes and len(routes) == len(app.routes)


def test_it_is_served(served: Served) -> None:
    told = requests.get(f"{served.url}/openapi.json", timeout=30).json()
    assert told == openapi.document(False)
    assert not [path for path in told["paths"] if "/test/" in path]


def test_answers_of_v5_are_as_it_says(home_to_serve: Home) -> None:
    with serving(home_to_serve, test_api=True) as url:
        served = Served(home_to_serve, url)
        client = served.client(101)
        v5 = [
            ("GET", "site", None, 200), ("GET", "site_status", None, 200),
            ("POST", "initialise", {}, 200), ("GET", "central_records?cursor=0", None, 200),
            ("GET", "central_records?cursor=-1", None, 400), ("GET", "queued_records", None, 200),
            ("POST", "queued_records", {"queueLength": 0, "data": []}, 200),
            ("POST", "queued_records", {}, 400),
            ("POST", "acknowledged_records", {"syncIDs": []}, 204),
            ("POST", "acknowledged_records", [], 400), ("POST", "test/upsert", {}, 204),
            ("POST", "test/delete", {}, 204), ("POST", "test/delete", [1], 400),
            ("POST", "test/create_site", {}, 200),
        ]  # fmt: skip
        with served.looped():
            for method, word, body, status in v5:
                told: dict[str, Any] = {"headers": client.headers(), "json": body}
                assert ask(url, method, f"/sync/v5/{word}", **told) == status, word
                told["headers"] = served.client(101, password="wrong").headers()
                if word in ("site", "initialise"):
                    assert ask(url, method, f"/sync/v5/{word}", **told) == 401


def test_other_answers_are_as_it_says(served: Served, call: Any) -> None:
    client = served.client(101)
    headers = {"Authorization": client.headers()["Authorization"]}
    file = {"file_id": "F", "sync_v5_settings": who(client)["syncV5Settings"]}
    form = {"json_part": (None, json.dumps(file), "application/json"), "file_part": ("f", b"x")}
    added = call("site-user", "add", "amina", "--store", "S101", "--json", at=served.home).json
    amina = {"username": "amina", "password": added["password"]}
    join = {"name_ID": "NOBODY", "store_ID": "S101"}
    told: list[tuple[str, str, dict[str, Any], int]] = [
        ("GET", "/health", {}, 200), ("GET", "/ready", {}, 200), ("GET", "/metrics", {}, 200),
        ("GET", "/openapi.json", {}, 200),
        ("POST", "/api/v4/login", {"json": amina}, 200),
        ("POST", "/api/v4/login", {"json": {**amina, "password": "x"}}, 401),
        ("POST", "/api/v4/login", {"data": "{"}, 400),
        ("GET", "/api/v4/patient?limit=1", {"headers": headers}, 200),
        ("GET", "/api/v4/patient", {}, 401),
        ("POST", "/api/v4/name_store_join", {"headers": headers, "json": join}, 404),
        ("POST", "/central/sync/push", {"json": who(client, batch={"records": []})}, 200),
        ("POST", "/central/sync/push", {"json": who(client)}, 200),
        ("POST", "/central/sync/site_status", {"json": who(client)}, 200),
        ("POST", "/central/sync/pull", {"json": who(client, cursor=0)}, 200),
        ("POST", "/central/sync/patient-pull", {"json": who(client, cursor=7)}, 200),
        ("PUT", "/central/sync/upload_file", {"files": form}, 200),
        ("PUT", "/central/sync/upload_file", {"data": b"x"}, 200),
        ("POST", "/central/sync/download_file", {"json": who(client, id="F")}, 200),
        ("POST", "/central/sync/download_file", {"json": who(client, id="G")}, 404),
        ("POST", "/central/sync/download_file", {"json": {}}, 200),
        ("POST", "/central/name-store-join", {"json": who(client)}, 200),
        ("POST", "/central/name-store-join", {"json": {}}, 400),
        ("POST", "/central/name-store-join",
         {"json": who(served.client(101, password="x"))}, 401),
    ]  # fmt: skip
    for method, path, given, status in told:
        assert ask(served.url, method, path, **given) == status, path
    assert {path.partition("?")[0] for _, path, _, _ in told} == {
        path for path in openapi.document(False)["paths"] if not path.startswith("/sync/v5/")
    }


@pytest.mark.parametrize(
    ("method", "path", "status"), [("GET", "/x", 404), ("PUT", "/health", 405)]
)
def test_what_is_no_call_is_told_so(method: str, path: str, status: int, served: Served) -> None:
    answer = requests.request(method, f"{served.url}{path}", timeout=30)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, "no_such_call")
    assert status != 405 or "GET" in answer.headers["allow"]
