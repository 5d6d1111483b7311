"""What a monitoring system is told."""

import pytest
import requests
from builders import item_line, push
from prometheus_client.parser import text_string_to_metric_families
from served import Served

from pipelines.simulation.client import SyncError

Labels = frozenset[tuple[str, str]]


def metrics(served: Served) -> dict[tuple[str, Labels], float]:
    answer = requests.get(f"{served.url}/metrics", timeout=30)
    assert answer.status_code == 200
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def test_figures_follow_what_happens(served: Served) -> None:
    push(served.home, 101, "001", [item_line("S101", "AMOX", 1), item_line("S102", "AMOX", 1)])
    before = metrics(served)
    assert before["mainstem_waiting_segments", frozenset()] == 1
    assert before["mainstem_cycle", frozenset()] == 1
    served.cycle()
    with pytest.raises(SyncError):
        served.client(102, password="wrong").call("GET", "site")
    after = metrics(served)
    assert after["mainstem_waiting_segments", frozenset()] == 0
    assert after["mainstem_cycle", frozenset()] == 2
    assert after["mainstem_held_lines", frozenset()] == 1
    one, two = (frozenset({("site", site)}) for site in ("101", "102"))
    assert after["mainstem_site_queue_length", one] == 4
    assert after["mainstem_site_last_data_seconds", one] == 1530432000
    assert ("mainstem_site_last_contact_seconds", two) not in after
    refused = frozenset({("call", "GET site"), ("outcome", "site_incorrect_password")})
    assert after["mainstem_call_seconds_count", refused] == 1
    assert after["mainstem_disk_free_bytes", frozenset()] > 0


def test_ready_says_why_not(served: Served) -> None:
    def ready() -> tuple[int, str]:
        answer = requests.get(f"{served.url}/ready", timeout=30)
        return answer.status_code, answer.json()["status"]

    assert ready() == (200, "ok")
    toml = served.home.toml.read_text(encoding="utf-8")
    served.home.toml.write_text(toml.replace("enabled = true", "enabled = false"), encoding="utf-8")
    assert ready() == (503, "Synchronisation is disabled in mainstem.toml.")
    served.home.toml.write_text("nonsense = 1\n", encoding="utf-8")
    assert ready()[0] == 503 and "nonsense" in ready()[1]
    served.home.toml.write_text(toml, encoding="utf-8")
    served.home.reports.unlink()
    assert ready() == (503, "No cycle has published yet.")
    assert requests.get(f"{served.url}/health", timeout=30).json() == {"status": "ok"}
    assert metrics(served)["mainstem_waiting_segments", frozenset()] == 0
