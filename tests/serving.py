"""Serves an application, or a gateway, on a real port, in a thread of this process."""

import threading
import time
from collections.abc import Generator
from contextlib import contextmanager

import uvicorn

from pipelines import servers
from pipelines.gateway.app import application
from pipelines.gateway.server import config
from pipelines.home import Home


@contextmanager
def serving(home: Home, test_api: bool = False) -> Generator[str]:
    """The address of a gateway of a home, while it answers."""
    app = application(home, test_api=test_api)
    with answering(config(app, "127.0.0.1", servers.free_port(0), grace=1)) as url:
        yield url


@contextmanager
def answering(told: uvicorn.Config) -> Generator[str]:
    """The address of what is configured on this machine, while it answers."""
    server = uvicorn.Server(told)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{told.port}"
    finally:
        server.should_exit = True
        thread.join()
