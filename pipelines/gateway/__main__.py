"""Serves the gateway of the home that MAINSTEM_HOME names: `python -m pipelines.gateway`."""

import argparse

import uvicorn

from pipelines import home as homes
from pipelines.gateway.app import application


def main() -> None:
    """Serve until SIGTERM or ctrl-c; what was begun is answered first."""
    parser = argparse.ArgumentParser(prog="python -m pipelines.gateway", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8080)
    parser.add_argument("--url", help="where sites find the gateway, if not at this host")
    parser.add_argument("--test-api", action="store_true", help="with the test interface")
    told = parser.parse_args()
    uvicorn.run(
        application(homes.find(None), told.url, told.test_api),
        host=told.host,
        port=told.port,
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=10,
        server_header=False,
    )


if __name__ == "__main__":
    main()
