"""The gateway's ASGI application: its paths, and what each leads to; no path leads elsewhere."""

import re
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pipelines.gateway import openapi, v6
from pipelines.gateway.answers import no_such_call
from pipelines.gateway.calls import LARGEST, Call
from pipelines.gateway.door import Door, V5Handler
from pipelines.gateway.files import Files
from pipelines.gateway.lookup import Lookup
from pipelines.gateway.metrics import Monitoring
from pipelines.gateway.refused import Refused
from pipelines.gateway.state import State
from pipelines.gateway.testing import TestInterface
from pipelines.gateway.v4 import V4
from pipelines.gateway.v5 import V5
from pipelines.gateway.v6 import V6
from pipelines.home import Home

_HOST = re.compile(r"[A-Za-z0-9.\-]+(:[0-9]{1,5})?|\[[0-9a-f:]+\](:[0-9]{1,5})?")

UNKNOWN = (401, 403, 409)  # what a caller is told who does not prove to be a site


def as_join(refused: Refused) -> Response:
    """A refusal of the one call of v6 whose status counts."""
    return Response(refused.message, 401 if refused.status in UNKNOWN else refused.status)


class Gateway:
    """What the paths of v5 lead to, and one of v6."""

    def __init__(self, home: Home, state: State, door: Door, url: str | None) -> None:
        self.v5, self.door, self.url = V5(home, state), door, url

    async def site(self, call: Call) -> Any:
        answer = self.v5.site(call.site, call.claim.name, self._address(call.request))
        if answer["initialisationStatus"] == "new":
            await self.door.known.has_store(call.site)
        return answer

    async def initialise(self, call: Call) -> Any:
        await self.door.known.has_store(call.site)
        answer = await self.v5.initialise(call.site)
        call.records = answer["queueLength"]
        return answer

    async def site_status(self, call: Call) -> Any:
        return self.v5.site_status(call.site)

    async def push(self, call: Call) -> Any:
        answer, call.records, call.error = await self.v5.push(call.site, await call.body(LARGEST))
        return answer

    async def pull(self, call: Call) -> Any:
        answer = self.v5.pull(call.site, call.request.query_params)
        call.records = len(answer["data"])
        return answer

    async def central(self, call: Call) -> Any:
        answer = self.v5.central.records(call.site, call.request.query_params)
        call.records = len(answer["data"])
        return answer

    async def acknowledge(self, call: Call) -> None:
        call.records = self.v5.acknowledge(call.site, await call.body())

    async def joined(self, call: Call) -> Response:
        """`POST name-store-join` of v6: the join was made over v4; whether the caller is known.

        The one call of v6 whose status counts.
        """
        try:
            await self.door.prove(call, v6.parsed(await call.body()))
        except v6.Trouble as trouble:
            call.error = str(trouble)
            return Response(str(trouble), 400)
        return Response(status_code=200)

    def _address(self, request: Request) -> str:
        """Where sites find the gateway: as it was told, or as this one found it."""
        host = request.headers.get("host", "")
        if self.url or not _HOST.fullmatch(host):
            return self.url or "http://127.0.0.1/"
        return f"{request.url.scheme}://{host}/"


def test_routes(door: Door, interface: TestInterface) -> list[Route]:
    """The paths of the test interface."""

    def of(work: Callable[[int, bytes], Awaitable[Any]]) -> V5Handler:
        async def handler(call: Call) -> Any:
            return await work(call.site, await call.body(LARGEST))

        return handler

    return [
        door.v5("POST", "test/upsert", of(interface.upsert)),
        door.v5("POST", "test/delete", of(interface.delete)),
        door.v5("POST", "test/create_site", of(interface.create_site)),
    ]


def application(home: Home, url: str | None = None, test_api: bool = False) -> Starlette:
    """The gateway of a home; `url` is where sites find it, unless they are to tell that."""
    state = State(home)
    door = Door(home, state)
    gateway = Gateway(home, state, door, url)
    monitoring = Monitoring(home, door.registry)
    v4 = V4(home, door)
    lookup = Lookup(home, gateway.v5.pushes)
    files = Files(home, state, door)
    over_v6 = V6(gateway.v5.pushes, gateway.v5.waits_for)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncGenerator[None]:
        async with door.contacts.kept():
            yield
        state.close()

    return Starlette(
        routes=[
            Route("/health", monitoring.health),
            Route("/ready", monitoring.ready),
            Route("/metrics", monitoring.metrics),
            door.v5("GET", "site", gateway.site),
            door.v5("POST", "initialise", gateway.initialise),
            door.v5("GET", "site_status", gateway.site_status),
            door.v5("POST", "queued_records", gateway.push),
            door.v5("GET", "queued_records", gateway.pull),
            door.v5("GET", "central_records", gateway.central),
            door.v5("POST", "acknowledged_records", gateway.acknowledge),
            door.route("POST", "/api/v4/login", v4.login),
            door.v4("GET", "patient", lookup.patient),
            door.v4("POST", "name_store_join", lookup.name_store_join),
            door.v6("push", over_v6.push, LARGEST),
            door.v6("site_status", over_v6.site_status),
            door.v6("pull", over_v6.pull),
            door.v6("patient-pull", over_v6.pull),
            door.v6_of("PUT", "sync/upload_file", files.upload),
            door.v6_of("POST", "sync/download_file", files.download),
            door.v6_of("POST", "name-store-join", gateway.joined, as_join),
            Route("/openapi.json", openapi.served(test_api)),
            *(test_routes(door, TestInterface(home, gateway.v5.pushes)) if test_api else ()),
        ],
        exception_handlers={HTTPException: no_such_call},
        middleware=[Middleware(GZipMiddleware, minimum_size=1000, compresslevel=3)],
        lifespan=lifespan,
    )
