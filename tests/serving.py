"""Serves a gateway on a real port, in a thread of this process."""

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
    """A gateway of a home in a thread; its address."""
    port = servers.free_port(0)
    app = application(home, test_api=test_api)
    server = uvicorn.Server(config(app, "127.0.0.1", port, grace=1))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()
