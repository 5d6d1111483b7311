"""Child servers (dashboard, Dagster's page): started, waited for until they answer, ended."""

import http.client
import os
import signal
import socket
import ssl
import subprocess
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pipelines.errors import MainstemError

PATIENCE = 180.0  # seconds that a server may take to answer
GRACE = 10.0  # seconds that it may take to end


@dataclass(frozen=True)
class Server:
    """One server to run: what to call it, its command and environment, where it answers.

    A server without a port (a daemon) is taken to run as soon as it is started.
    """

    name: str
    command: list[str]
    environment: dict[str, str]
    port: int | None = None
    path: str = "/"
    host: str = "127.0.0.1"
    tls: bool = False

    @property
    def address(self) -> str:
        """Where a browser finds it."""
        return f"http{'s' if self.tls else ''}://{self.host}:{self.port}"


def free_port(wanted: int, host: str = "127.0.0.1") -> int:
    """The wanted port, or another that is free when something listens there already."""
    for port in (wanted, 0):
        with socket.socket() as probe:
            try:
                probe.bind((host, port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise MainstemError("There is no free port on this machine.")


@contextmanager
def running(servers: list[Server], logs: Path) -> Generator[list[subprocess.Popen[bytes]]]:
    """Run servers until the block ends; their output goes to a file each in `logs`."""
    logs.mkdir(parents=True, exist_ok=True)
    children: list[subprocess.Popen[bytes]] = []
    try:
        for server in servers:
            with (logs / f"{server.name}.log").open("wb") as log:
                children.append(
                    subprocess.Popen(
                        server.command,
                        env=server.environment,
                        stdin=subprocess.DEVNULL,
                        stdout=log,
                        stderr=subprocess.STDOUT,
                        start_new_session=True,
                    )
                )
        for server, child in zip(servers, children, strict=True):
            _wait(server, child, logs)
        yield children
    finally:
        for child in children:
            _end(child)


def _wait(server: Server, child: subprocess.Popen[bytes], logs: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while server.port is not None and not _answers(server):
        if child.poll() is not None or time.monotonic() > deadline:
            raise MainstemError(
                f"The {server.name} did not start; {logs / server.name}.log says why."
            )
        time.sleep(0.2)


def _answers(server: Server) -> bool:
    host = "127.0.0.1" if server.host == "0.0.0.0" else server.host
    if server.tls:  # whose name its certificate has is not asked: it is the server just started
        context = ssl._create_unverified_context()
        connection: http.client.HTTPConnection = http.client.HTTPSConnection(
            host, server.port, timeout=2, context=context
        )
    else:
        connection = http.client.HTTPConnection(host, server.port, timeout=2)
    try:
        connection.request("GET", server.path)
        return connection.getresponse().status < 500
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _end(child: subprocess.Popen[bytes]) -> None:
    """End a server and what it started, gently and then not."""
    for number, patience in ((signal.SIGTERM, GRACE), (signal.SIGKILL, GRACE)):
        if child.poll() is None:
            try:
                os.killpg(child.pid, number)
                child.wait(patience)
            except (ProcessLookupError, subprocess.TimeoutExpired):
                continue
