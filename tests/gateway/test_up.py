"""`mainstem up`, as a real process: serves, loops, ends; what it refuses to serve."""

import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from builders import environment, item_line
from said import Call, complains
from served import PASSWORDS

from pipelines import servers
from pipelines.home import Home
from pipelines.simulation.client import Client

PATIENCE = 120.0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_site_syncs_with_a_hub_that_is_up(
    home_to_serve: Home, tmp_path: Path, number: signal.Signals
) -> None:
    port = servers.free_port(0)
    said = tmp_path / "said"
    command = [
        str(Path(sys.executable).with_name("mainstem")), "up", "--no-dashboard", "--no-dagster",
        "--gateway-port", str(port), "--home", str(home_to_serve.path),
    ]  # fmt: skip
    with said.open("wb") as out:
        running = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, env=environment())
    try:
        deadline = time.monotonic() + PATIENCE
        while b"Ctrl-c stops everything." not in said.read_bytes():
            assert running.poll() is None and time.monotonic() < deadline, said.read_text()
            time.sleep(0.2)
        assert f"http://127.0.0.1:{port}" in said.read_text()
        got: list[dict[str, Any]] = []
        client = Client(
            f"http://127.0.0.1:{port}", "Site 101", PASSWORDS[101], "HW", poll=0.1, keep=got.extend
        )
        assert client.sync() == len(got) > 0
        line = {**item_line("S101", "AMOX", 3), "syncOutId": "1", "action": "Update"}
        client.sync([line])
        assert not list((home_to_serve.inbox / "101").glob("*.ndjson")), "the loop has taken it"
        running.send_signal(number)
        assert running.wait(PATIENCE) == 0
    finally:
        running.kill()
    assert said.read_text().endswith("Stopping.\n")
    assert "1 changes" in (home_to_serve.path / "logs/loop.log").read_text(encoding="utf-8")


def test_what_cannot_be_served_is_told_before_anything_is_started(home: Home, call: Call) -> None:
    complains(call("up", "--test-api", "--host", "0.0.0.0", at=home), "test interface", "127.0.0.1")
    complains(call("up", "--gateway-port", 8501, at=home), "same port")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        complains(call("up", "--gateway-port", port, at=home), f"Port {port} is taken")
    assert not (home.path / "logs").exists()
