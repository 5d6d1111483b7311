"""A home whose sites may connect: its gateway on a real port, its loop in a thread."""

import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import plain
import requests

from pipelines import cycle, loop
from pipelines.home import Home
from pipelines.simulation.client import Client

WRITTEN = 1.5  # seconds after which contacts are written for sure
PASSWORDS = {101: "alpha", 102: "beta"}


@dataclass
class Served:
    """A home that is served: its gateway's address, and clients of it."""

    home: Home
    url: str
    got: dict[int, list[dict[str, Any]]] = field(default_factory=dict)

    def client(self, site: int, hardware: str | None = None, password: str | None = None) -> Client:
        """A client of a site, whose records come to `got`."""
        kept = self.got.setdefault(site, [])
        told = password or PASSWORDS[site]
        return Client(
            self.url, f"Site {site}", told, hardware or f"HW{site}", poll=0.05, keep=kept.extend
        )

    def ask(self, client: Client, method: str, word: str, **told: Any) -> requests.Response:
        """A call of a client's own making."""
        headers = client.headers() | told.pop("headers", {})
        url = f"{self.url}/sync/v5/{word}"
        return requests.request(method, url, headers=headers, timeout=30, **told)

    def cycle(self) -> dict[str, Any]:
        """One cycle, here."""
        with plain.landing():
            return cycle.run(self.home)

    @contextmanager
    def looped(self) -> Generator[None]:
        """The loop runs as long as the block does."""
        stop = threading.Event()
        thread = threading.Thread(target=loop.run, args=(self.home, stop))
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()
