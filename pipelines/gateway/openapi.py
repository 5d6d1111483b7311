"""The gateway's own description, OpenAPI 3.1: openapi.yaml beside, served at /openapi.json."""

from collections.abc import Awaitable, Callable
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from starlette.requests import Request
from starlette.responses import Response

from pipelines.gateway.answers import answered

FILE = Path(__file__).with_name("openapi.yaml")
TEST_PATHS = "/sync/v5/test/"


@cache
def document(test_api: bool) -> dict[str, Any]:
    """The description; of the test interface only where it is served."""
    told = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    paths = {
        path: operations
        for path, operations in told["paths"].items()
        if test_api or not path.startswith(TEST_PATHS)
    }
    return {**told, "paths": paths}


def served(test_api: bool) -> Callable[[Request], Awaitable[Response]]:
    """What `GET /openapi.json` leads to."""

    async def endpoint(_: Request) -> Response:
        return answered(document(test_api))

    return endpoint
