"""Serves the gateway of the home that MAINSTEM_HOME names: `python -m pipelines.gateway`."""

import argparse
import logging
from pathlib import Path

import uvicorn

from pipelines import home as homes
from pipelines.gateway import server
from pipelines.gateway.app import application


def main() -> None:
    """Serve until SIGTERM or ctrl-c; what was begun is answered first."""
    parser = argparse.ArgumentParser(prog="python -m pipelines.gateway", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8080)
    parser.add_argument("--url", help="where sites find the gateway, if not at this host")
    parser.add_argument("--test-api", action="store_true", help="with the test interface")
    parser.add_argument("--tls-cert", type=Path, help="a certificate: TLS is spoken")
    parser.add_argument("--tls-key", type=Path, help="its key")
    told = parser.parse_args()
    server.allow_connections()
    logging.getLogger("python_multipart").setLevel(logging.ERROR)  # it tells of every bad form
    app = application(homes.find(None), told.url, told.test_api)
    uvicorn.Server(server.config(app, told.host, told.port, told.tls_cert, told.tls_key)).run()


if __name__ == "__main__":
    main()
