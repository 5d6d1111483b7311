"""Certificates to serve with: a mistake is told before anything starts, a new one is taken up."""

import logging
import ssl
from collections.abc import Callable
from pathlib import Path

from pipelines.errors import MainstemError


def check(certificate: Path, key: Path) -> None:
    """MainstemError where a certificate and its key cannot be served with."""
    for path, what in ((certificate, "certificate"), (key, "key")):
        try:
            path.read_bytes()
        except OSError as error:
            raise MainstemError(
                f"The {what} {path} cannot be read: {error.strerror}. Give its PEM file."
            ) from error
    try:
        # An empty password, so that nobody is asked for one.
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key, lambda: "")
    except ssl.SSLError as error:
        raise MainstemError(
            f"{certificate} and {key} cannot be served with: {error.reason or error}. They must be "
            "a certificate, with those that sign it, and its own key without a password, both PEM."
        ) from error


class Renewed:
    """Serves every new connection with the certificate that stands in its file by then.

    What cannot be served with is told in the log, once, and the one before stays in use.
    """

    def __init__(self, certificate: Path, key: Path, load: Callable[[], ssl.SSLContext]) -> None:
        self._files, self._load = (certificate, key), load
        self._seen = self._written()
        self._used = load()
        self.context = load()  # that connections begin with
        self.context.sni_callback = self._choose

    def _choose(self, connection: ssl.SSLObject, _name: str | None, _: ssl.SSLContext) -> None:
        if (written := self._written()) != self._seen:
            self._seen = written
            try:
                check(*self._files)
                self._used = self._load()
            except (MainstemError, OSError) as error:
                logging.getLogger("uvicorn.error").error("The certificate before stays: %s", error)
        connection.context = self._used

    def _written(self) -> list[tuple[int, int] | None]:
        return [_version(path) for path in self._files]


def _version(path: Path) -> tuple[int, int] | None:
    try:
        told = path.stat()
    except OSError:
        return None
    return told.st_ino, told.st_mtime_ns
