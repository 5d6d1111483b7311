"""A simulated country that follows from its seed, and plays: its sites answer what the hub does.

Nobody is to take it for real: the country is called Simulandia, lies where the map shows open
sea, and its sites, stores, donor and clients all have 'simulated' in their names. It has three
levels: a national store, whose site is the primary of a mirrored system, regional stores, and
hospitals and health centres. Stores order from the level above, by requisition or purchase order,
which answers with shipments; clients take what the season makes them need, patients what they are
prescribed; goods are late, returned, lost or expired. Lines are down for days; some sites are late
or silent, and a few lines are such as the hub refuses, defers or has had before.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from pipelines.simulation.calendar import Calendar
from pipelines.simulation.demand import Demand
from pipelines.simulation.donors import Donors
from pipelines.simulation.fleet import Fleet
from pipelines.simulation.items import read_items
from pipelines.simulation.keeper import World
from pipelines.simulation.places import MOST_SITES, make_places
from pipelines.simulation.records import Ids


@dataclass(frozen=True)
class Country:
    """What a country follows from, with the day it ends on.

    `sites` are remote sites, the hub's own comes on top; `days` are days of trade. ValueError names
    a bad value.
    """

    seed: int = 1
    sites: int = 48
    days: int = 90

    def __post_init__(self) -> None:
        """Refuse what is too small to hold every level and mishap, or too large to name."""
        if not 30 <= self.sites <= MOST_SITES:
            raise ValueError(f"sites must be 30 to {MOST_SITES}, not {self.sites}")
        if not 60 <= self.days <= 3660:
            raise ValueError(f"days must be 60 to 3660, not {self.days}")


def fleet(country: Country, end: date) -> Fleet:
    """The country's fleet before its first day; the last one is `end`."""
    places, items = make_places(country.seed, country.sites), read_items()
    stores = [store for place in places for store in place.stores]
    start = end - timedelta(days=country.days - 1)
    ids = Ids(country.seed)
    demand = Demand(country.seed, stores, items, start)
    donors = Donors(ids, country.seed, items, demand.planned, start)
    calendar = Calendar(country.seed, places, start, country.days)
    return Fleet(World(country.seed, ids, items, calendar, demand, donors), places)
