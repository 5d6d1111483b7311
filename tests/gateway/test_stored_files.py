"""Files of sites: kept when a site brings them, served to sites, in every backup."""

import json
from pathlib import Path
from typing import Any

import requests
from builders import item_line
from served import PASSWORDS, Served

from pipelines.admin.backup import backup
from pipelines.admin.restore import restore
from pipelines.gateway.pushed import PART
from pipelines.home import Home
from pipelines.simulation.client import Client

ID = "../../etc/passwd"  # an id leads nowhere else


def who(client: Client) -> dict[str, str]:
    return {
        "serverUrl": "", "username": client.name, "passwordSha256": client.sent,
        "siteUuid": client.hardware, "appVersion": "2.19.00", "appName": "x", "syncVersion": "14",
    }  # fmt: skip


def upload(served: Served, client: Client, id: str, content: bytes) -> Any:
    told = {"file_id": id, "sync_v5_settings": who(client), "sync_v6_version": 5}
    parts = {
        "json_part": (None, json.dumps(told), "application/json"),
        "file_part": ("picture.png", content),
    }
    url = f"{served.url}/central/sync/upload_file"
    answer = requests.put(url, files=parts, timeout=30)
    assert answer.status_code == 200
    return answer.json()


def download(served: Served, client: Client, id: Any) -> requests.Response:
    body = {"tableName": "asset", "recordId": "A1", "id": id, "syncV6Version": 5}
    url = f"{served.url}/central/sync/download_file"
    told = body | {"syncV5Settings": who(client)}
    return requests.post(url, json=told, timeout=30)


def test_a_file_is_kept_and_served_to_another_site(served: Served) -> None:
    one, two = served.client(101), served.client(102)
    content = bytes(range(256)) * 9000
    assert upload(served, one, ID, b"an older one") == {"data": None}
    assert upload(served, one, ID, content) == {"data": None}
    told = upload(served, two, ID, b"another's")
    assert told == {"error": {"otherServerError": "The file is another site's"}}
    answer = download(served, two, ID)
    assert (answer.status_code, answer.content) == (200, content)
    assert len(list(served.home.files.iterdir())) == 1


def test_a_file_that_is_not_there_is_told_so(served: Served) -> None:
    for id in ("nothing", "", None, 7):
        answer = download(served, served.client(101), id)
        assert answer.status_code == 404
        assert answer.json() == {"syncFileNotFound": id if isinstance(id, str) else ""}


def test_only_sites_bring_and_fetch(served: Served) -> None:
    upload(served, served.client(101), ID, b"content")
    wrong = served.client(101, password="wrong")
    assert "legacyServerError" in upload(served, wrong, "other", b"x")["error"]
    assert "legacyServerError" in download(served, wrong, ID).json()["error"]
    assert len(list(served.home.files.iterdir())) == 1


def test_a_form_that_is_none_keeps_nothing(served: Served) -> None:
    url = f"{served.url}/central/sync/upload_file"
    for content in (b"x", b""):
        assert "error" in requests.put(url, data=content, timeout=30).json()
    assert "error" in requests.put(url, files={"json_part": (None, "{")}, timeout=30).json()
    client = served.client(101)
    told = {"file_id": "x", "sync_v5_settings": who(client), "sync_v6_version": 5}
    parts = {"json_part": (None, json.dumps(told), "application/json")}
    assert "error" in requests.put(url, files=parts, timeout=30).json()
    assert not served.home.files.exists()


def test_the_join_of_v6_says_whether_the_caller_is_known(served: Served) -> None:
    url = f"{served.url}/central/name-store-join"
    for password, status in ((PASSWORDS[101], 200), ("wrong", 401)):
        client = served.client(101, password=password)
        body = {"id": "J", "nameId": "P", "storeId": "S101", "syncV5Settings": who(client)}
        assert requests.post(url, json=body, timeout=30).status_code == status


def test_files_and_pushes_under_way_are_in_a_backup(served: Served, tmp_path: Path) -> None:
    client = served.client(101)
    upload(served, client, ID, b"content")
    line = {**item_line("S101", "AMOX", 1), "syncOutId": "1", "action": "Update"}
    client.call("POST", "queued_records", {"queueLength": 5, "data": [line]})
    backup(served.home, tmp_path / "backups")
    other = Home(tmp_path / "other")
    restore(other, tmp_path / "backups", nothing_lost=True)
    for folder, name in (("files", next(served.home.files.iterdir()).name), ("inbox/101", PART)):
        place = Path(folder) / name
        assert (other.path / place).read_bytes() == (served.home.path / place).read_bytes()
