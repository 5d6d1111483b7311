"""What a monitoring system asks for: /metrics in Prometheus' form, /health and /ready.

Figures of the warehouse are those that were published last. Sites are numbers, nobody is named.
"""

import shutil
from collections.abc import Iterator

import duckdb
from anyio import to_thread
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector, CollectorRegistry
from starlette.requests import Request
from starlette.responses import Response

from pipelines import feed
from pipelines.errors import MainstemError
from pipelines.gateway.answers import answered
from pipelines.gateway.refused import Refused
from pipelines.home import Home
from warehouse import report

ROOM = 100 << 20  # bytes on the disk below which a hub is not ready
LOOPBACK = ("127.0.0.1", "::1")
SITES = """
select site, epoch(last_contact), epoch(last_accepted), queue_length
from marts.site where not disabled and not is_central
"""
CYCLE = """
select
    (select max(cycle) from marts.cycle), (select epoch(max(clock)) from marts.cycle),
    (select count(*) from marts.quarantine)
"""


class Figures(Collector):
    """The figures of a home, gathered when they are asked for."""

    def __init__(self, home: Home) -> None:
        self._home = home

    def collect(self) -> Iterator[Metric]:
        """Every figure, with what it means."""
        told = self._home.settings()
        waiting = feed.waiting(self._home.inbox, told.central, told.primary)
        yield _gauge("waiting_segments", "Segments that wait for a cycle.", len(waiting))
        free = shutil.disk_usage(self._home.path).free
        yield _gauge("disk_free_bytes", "Room left where the home is.", free)
        try:
            with report.opened(self._home.reports) as con:
                sites = con.execute(SITES).fetchall()
                cycle, clock, held = con.execute(CYCLE).fetchone() or (0, 0, 0)
        except (duckdb.Error, OSError, MainstemError):
            return  # nothing was published yet
        yield _gauge("cycle", "The last cycle that was published.", cycle or 0)
        yield _gauge("cycle_clock_seconds", "When it began, Unix time.", clock or 0)
        yield _gauge("held_lines", "Lines that are deferred or in quarantine.", held)
        contact = _by_site("site_last_contact_seconds", "A site's last contact, Unix time.")
        accepted = _by_site("site_last_data_seconds", "Its last accepted change, Unix time.")
        queue = _by_site("site_queue_length", "Records that a site is owed.")
        for site, last, data, length in sites:
            for family, value in ((contact, last), (accepted, data), (queue, length)):
                if value is not None:
                    family.add_metric([str(site)], float(value))
        yield from (contact, accepted, queue)


def _gauge(name: str, meaning: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"mainstem_{name}", meaning, value=float(value))


def _by_site(name: str, meaning: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"mainstem_{name}", meaning, labels=["site"])


class Monitoring:
    """The three calls; `registry` is where the gateway counts its own."""

    def __init__(self, home: Home, registry: CollectorRegistry) -> None:
        self._home, self._registry = home, registry
        registry.register(Figures(home))

    async def metrics(self, request: Request) -> Response:
        """Every figure; told on this machine only."""
        if request.client is None or request.client.host not in LOOPBACK:
            return answered(Refused(404, "no_such_call", "Not Found").body(), 404)
        text = await to_thread.run_sync(generate_latest, self._registry)
        return Response(text, media_type=CONTENT_TYPE_LATEST)

    async def health(self, _: Request) -> Response:
        """Whether the gateway answers; nothing is said of anybody."""
        return answered({"status": "ok"})

    async def ready(self, _: Request) -> Response:
        """Whether sites can sync: 503, and why, where they cannot."""
        why = await to_thread.run_sync(self._why_not)
        return answered({"status": why or "ok"}, 503 if why else 200)

    def _why_not(self) -> str | None:
        try:
            told = self._home.settings()
        except MainstemError as error:
            return str(error)
        if not told.enabled:
            return "Synchronisation is disabled in mainstem.toml."
        if not self._home.reports.exists():
            return "No cycle has published yet."
        if shutil.disk_usage(self._home.path).free < ROOM:
            return "There is less than 100 MiB of room left."
        return None
