"""The HTTP server under the gateway: uvicorn, with an end to what a caller may send but a body."""

import resource
import ssl
import time
from collections.abc import Callable
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from pipelines import tls

BESIDE = 128 << 10  # bytes of a call that are no body: head, trailers, the lengths of chunks
PATIENCE = 60.0  # seconds that a head may take, and that nothing of a body may come
LOOK = 20.0  # seconds between two looks at a connection


class Bounded(HttpToolsProtocol):
    """A connection, closed when a call does not come whole or has too much beside a body."""

    def connection_made(self, transport: object) -> None:
        """Begin to wait for the first head."""
        super().connection_made(transport)  # ty: ignore[invalid-argument-type]
        self._expect()
        self._look()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is kept of a connection that is gone."""
        self._next_look.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take in some bytes, unless there were too many beside bodies already."""
        self._beside += len(data)
        self._last = time.monotonic()
        super().data_received(data)
        if self._beside > BESIDE + self._body and not self.transport.is_closing():
            self.transport.close()

    def on_message_begin(self) -> None:
        """A head begins; what came with the one before counts no more."""
        super().on_message_begin()
        self._expect()

    def on_headers_complete(self) -> None:
        """A head is whole."""
        self._in_head = False
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """A call is whole."""
        self._waits = False
        super().on_message_complete()

    def on_body(self, body: bytes) -> None:
        """Some of a body."""
        self._body += len(body)
        self._beside -= len(body)
        super().on_body(body)

    def _expect(self) -> None:
        self._begun = self._last = time.monotonic()
        self._waits = self._in_head = True
        self._beside = self._body = 0

    def _look(self) -> None:
        if self.transport.is_closing():
            return
        since = self._begun if self._in_head else self._last
        if self._waits and not self.flow.read_paused and time.monotonic() - since > PATIENCE:
            self.transport.close()
            return
        self._next_look = self.loop.call_later(LOOK, self._look)


def config(
    app: Starlette,
    host: str,
    port: int,
    certificate: Path | None = None,
    key: Path | None = None,
    grace: int = 10,
) -> uvicorn.Config:
    """How the gateway is served; over TLS where a certificate is given, renewed with its file."""

    def context(_: uvicorn.Config, load: Callable[[], ssl.SSLContext]) -> ssl.SSLContext:
        return tls.Renewed(Path(certificate or ""), Path(key or ""), load).context

    return uvicorn.Config(
        app,
        host=host,
        port=port,
        http=Bounded,
        ws="none",
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=grace,
        server_header=False,
        ssl_certfile=certificate,
        ssl_keyfile=key,
        ssl_context_factory=context if certificate else None,
    )


def allow_connections() -> None:
    """Let this process hold as many connections as the machine lets it: each is an open file."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
