"""A simulated country that follows from its seed: the feed segments of its sites, in time order.

Nobody is to take it for real: the country is called Simulandia, lies where the map shows open
sea, and its sites, stores, donor and clients all have 'simulated' in their names. It has three
levels: a national store, regional stores, and hospitals and health centres. Trade flows down them,
clients take what the season makes them need, goods are late, short, lost or expired. Some sites
are late or silent, and a dozen changes are such as the hub refuses or defers.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Literal

from pipelines.simulation.items import read_items
from pipelines.simulation.mishaps import draw
from pipelines.simulation.places import CENTRAL, MOST_SITES, make_sites
from pipelines.simulation.records import Record
from pipelines.simulation.setup import setup
from pipelines.simulation.trade import Trade

STRETCH = 10  # days, about, that a segment tells of
BEFORE = 365  # days before the first one that the country's stores and names were made


@dataclass(frozen=True)
class Country:
    """What a country follows from, with the day it ends on: same country, same bytes.

    `sites` are remote sites, the hub's own comes on top; `days` are days of trade. With `receipts`
    `supplier` a site books what it was sent as its own finalised invoice from the supplier. With
    `hub` it leaves that out where another site sent it: the hub makes that half, and the ledger
    only agrees with the stock lines once sites have finalised it. ValueError names a bad value.
    """

    seed: int = 1
    sites: int = 48
    days: int = 90
    receipts: Literal["supplier", "hub"] = "supplier"

    def __post_init__(self) -> None:
        """Refuse what is too small to hold every level and mishap, or too large to name."""
        if not 24 <= self.sites <= MOST_SITES:
            raise ValueError(f"sites must be 24 to {MOST_SITES}, not {self.sites}")
        if not 60 <= self.days <= 3660:
            raise ValueError(f"days must be 60 to 3660, not {self.days}")
        if self.receipts not in ("supplier", "hub"):
            raise ValueError(f"receipts must be supplier or hub, not {self.receipts!r}")


@dataclass(frozen=True)
class Segment:
    """One segment: its site's number, its name (sorts in time order), its lines without ends."""

    site: int
    name: str
    lines: list[bytes]


@dataclass(frozen=True)
class Batch:
    """The segments that sites send at the end of a stretch, whose last day is `day`."""

    day: date
    segments: list[Segment]


def feed(country: Country, end: date) -> Iterator[Batch]:
    """The country's batches, about one per ten days, the last one of `end`.

    The first one also holds the central's set-up segment. Segments stand by site number.
    """
    sites, items = make_sites(country.seed, country.sites), read_items()
    stores = [store for site in sites for store in site.stores]
    start = end - timedelta(days=country.days - 1)
    trade = Trade(country.seed, stores, items, start, country.receipts)
    mishaps = draw(country.seed, sites)
    made = start - timedelta(days=BEFORE)
    before = start - timedelta(days=1)
    segments = [_segment(CENTRAL, before, setup(trade.ids, sites, items, made))]
    stretches = round(country.days / STRETCH)
    day = start
    for stretch in range(stretches):
        last = start + timedelta(days=(stretch + 1) * country.days // stretches - 1)
        while day <= last:
            trade.run(day, country.days)
            day += timedelta(days=1)
        for site in sites:
            changes = [it for store in site.stores for it in trade.books[store.code].drain()]
            changes = mishaps.spoil(site.number, stretch, changes, trade.ids, items[0], sites[0])
            if changes and mishaps.sends(site.number, last, end):
                cut = site.number == mishaps.cut and stretch == 1
                segments.append(_segment(site.number, last, changes, cut))
        yield Batch(last, segments)
        segments = []


def write(batch: Batch, inbox: Path) -> int:
    """Write a batch to `<inbox>/<site>/<name>.ndjson`, complete when named; its lines."""
    for segment in batch.segments:
        path = inbox / str(segment.site) / f"{segment.name}.ndjson"
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        part.write_bytes(b"".join(line + b"\n" for line in segment.lines))
        part.rename(path)
    return sum(len(segment.lines) for segment in batch.segments)


def _segment(site: int, day: date, changes: list[Record], cut: bool = False) -> Segment:
    """The segment of a site's stretch; `cut` puts half of its last line before the whole one."""
    name = f"{day:%Y%m%d}"
    lines = [
        json.dumps(
            {"syncOutId": f"{name}-{number}"} | told, ensure_ascii=False, separators=(",", ":")
        ).encode()
        for number, told in enumerate(changes, start=1)
    ]
    if cut:
        lines.insert(-1, lines[-1][: len(lines[-1]) // 2])
    return Segment(site, name, lines)
