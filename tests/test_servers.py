"""The demo's servers, as real processes: what ends them when their terminal goes."""

import signal
import subprocess
import sys
import time
from pathlib import Path

from pipelines import demo, servers
from pipelines.home import Home

PATIENCE = 240.0


def children(pid: int) -> set[int]:
    """The processes that a process has started."""
    return {int(told) for told in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()}


def test_the_demo_ends_its_servers(home: Home, tmp_path: Path) -> None:
    (home.path / demo.MARK).touch()
    said = tmp_path / "said"
    command = [
        str(Path(sys.executable).with_name("mainstem")), "demo", "--home", str(home.path),
        "--dashboard-port", str(servers.free_port(0)), "--dagster-port", str(servers.free_port(0)),
    ]  # fmt: skip
    with said.open("wb") as out:
        running = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT)
    try:
        deadline = time.monotonic() + PATIENCE
        while b"Ctrl-c stops everything." not in said.read_bytes():
            assert running.poll() is None and time.monotonic() < deadline, said.read_text()
            time.sleep(0.2)
        started = children(running.pid)
        running.send_signal(signal.SIGHUP)
        assert running.wait(PATIENCE) == 0
    finally:
        running.kill()
    assert said.read_text().endswith("Stopping.\n")
    assert len(started) == 3 and not any(Path(f"/proc/{pid}").exists() for pid in started)
