"""Answers: JSON, or nothing; and what is told where there is no such call."""

import json
from typing import Any

import orjson
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from pipelines.gateway.refused import Refused


def answered(answer: Any, status: int = 200) -> Response:
    """An answer as JSON; 204 where there is nothing to say."""
    if answer is None:
        return Response(status_code=204)
    try:
        content = orjson.dumps(answer)
    except TypeError:  # a number too large for it
        content = json.dumps(answer).encode()
    return Response(content, status, media_type="application/json")


async def no_such_call(_: Request, error: Exception) -> Response:
    """What is told where there is no such path, or not for this method."""
    if not isinstance(error, HTTPException):
        raise error
    answer = answered(
        Refused(error.status_code, "no_such_call", error.detail).body(), error.status_code
    )
    answer.headers.update(error.headers or {})
    return answer
