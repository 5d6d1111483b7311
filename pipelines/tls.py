"""Whether a certificate and a key can be served with; a mistake is told before anything starts."""

import ssl
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
