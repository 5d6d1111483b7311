"""A gateway in a process of its own: its address, its log, its memory."""

import os
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pipelines import servers
from pipelines.home import Home
from pipelines.servers import Server


@dataclass
class Process:
    """A gateway that runs."""

    home: Home
    port: int
    child: subprocess.Popen[bytes]

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    def memory(self, what: str = "VmRSS") -> int:
        """MiB that it holds; `VmHWM` is the most it ever held."""
        told = Path(f"/proc/{self.child.pid}/status").read_text(encoding="utf-8")
        return next(int(line.split()[1]) for line in told.splitlines() if what in line) // 1024

    def log(self) -> str:
        """What it has written."""
        return (self.home.path / "logs/gateway.log").read_text(encoding="utf-8")


@contextmanager
def gateway(home: Home, *more: str) -> Generator[Process]:
    """A gateway of a home, as `mainstem up` starts it."""
    port = servers.free_port(0)
    command = [sys.executable, "-m", "pipelines.gateway", "--port", str(port), *more]
    environment = {**os.environ, "MAINSTEM_HOME": str(home.path)}
    server = Server("gateway", command, environment, port, "/health")
    with servers.running([server], home.path / "logs") as (child,):
        yield Process(home, port, child)
