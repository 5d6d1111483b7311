"""Where the simulated country is: its regions, sites and stores, all invented."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Literal

CENTRAL = 1  # the hub's own number
NATIONAL = 2  # the site of the national medical store, which is the primary: the system is mirrored
COUNTRY = "Simulandia"

REGIONS = ("Northshore", "Eastmere", "Southbank", "Westreach", "Highvale", "Lakemark", "Coralside")
REGIONS += ("Saltmarch", "Fernlow", "Amberfold", "Stonewick", "Palmgate")
STEMS = "Bel Kar Dom Ost Ves Lum Tar Nim Sor Fal Gre Hod Jar Mel Pon Quil Rus Tov Ulm Wex Yor Zan"
ENDINGS = "anu ovi isse ethi undo aba elo imar ota urri enka"
MOST_SITES = 200

Kind = Literal["desktop", "mobile", "open_msupply"]
Orders = Literal["requisition", "purchase_order", "central"]
# what regional sites are and how they order, in turn
REGIONAL: tuple[tuple[Kind, Orders], ...] = (
    ("desktop", "purchase_order"),
    ("open_msupply", "requisition"),
    ("desktop", "central"),
    ("desktop", "requisition"),
)


@dataclass(frozen=True)
class Store:
    """One store; `supplier` is the code of the store that supplies it, none for the national one.

    `level` is national, regional, hospital or centre; `size` how busy it is beside a typical
    health centre; latitude and longitude are degrees. `orders` is how it asks its supplier: by
    requisition, by its own purchase order, or (central) by one that the primary writes for it.
    """

    code: str
    name: str
    level: str
    site: int
    supplier: str
    mode: str
    region: str
    district: str
    latitude: float
    longitude: float
    size: float
    orders: Orders = "requisition"


@dataclass(frozen=True)
class Place:
    """One remote site and its stores, the main one first.

    An open mSupply site makes responding halves itself, for others the hub does.
    """

    number: int
    name: str
    kind: Kind
    stores: tuple[Store, ...]

    @property
    def makes_halves(self) -> bool:
        """Whether `transfers` is `site`."""
        return self.kind == "open_msupply"


def make_places(seed: int, count: int) -> tuple[Place, ...]:
    """The country's `count` remote sites: the national store's, the regional ones, facilities."""
    rng = Random(f"{seed}/places")
    towns = _towns(rng)
    regions = max(2, min(len(REGIONS), round((count - 1) / 9.4)))
    sites = [_national(next(towns))]
    sites += [_regional(region, regions, next(towns)) for region in range(regions)]
    facilities = count - len(sites)
    hospitals = max(2, facilities // 5)
    districts = [next(towns) for _ in range(2 * regions)]
    for position in range(facilities):
        district = position % len(districts)
        above = sites[1 + district % regions].stores[0]
        number = NATIONAL + len(sites)
        seat = districts[district]
        if position < hospitals:
            sites.append(_hospital(rng, number, position, above, seat))
        else:
            centre = position - hospitals + 1
            sites.append(_centre(rng, number, centre, above, seat, next(towns)))
    return tuple(sites)


def _towns(rng: Random) -> Iterator[str]:
    names = [stem + ending for stem in STEMS.split() for ending in ENDINGS.split()]
    rng.shuffle(names)
    return iter(names)


def _national(town: str) -> Place:
    name = "Simulated National Medical Store"
    store = Store("NMS", name, "national", NATIONAL, "", "store", REGIONS[0], town, -1.0, -3.5, 1.0)
    return Place(NATIONAL, name, "desktop", (store,))


def _regional(region: int, regions: int, town: str) -> Place:
    number = NATIONAL + 1 + region
    name = f"{REGIONS[region]} Regional Medical Store (simulated)"
    turn = 2 * math.pi * region / regions
    # The country is an island in the Gulf of Guinea, where the map shows open water.
    place = round(-1.0 + 1.1 * math.cos(turn), 4), round(-3.5 + 1.4 * math.sin(turn), 4)
    code = f"RMS-{region + 1}"
    kind, orders = REGIONAL[region % len(REGIONAL)]
    where = (REGIONS[region], town, *place)
    store = Store(code, name, "regional", number, "NMS", "store", *where, 1.0, orders)
    return Place(number, name, kind, (store,))


def _near(rng: Random, above: Store) -> tuple[float, float]:
    spread = 0.35
    return (
        round(above.latitude + rng.uniform(-spread, spread), 4),
        round(above.longitude + rng.uniform(-spread, spread), 4),
    )


def _hospital(rng: Random, number: int, position: int, above: Store, town: str) -> Place:
    name, code = f"{town} Hospital (simulated)", f"H-{position + 1:02d}"
    place, size = _near(rng, above), rng.uniform(4, 8)
    where = (above.region, town, *place)
    kind: Kind = "open_msupply" if position % 3 == 2 else "desktop"
    if position % 2:
        main = Store(code, name, "hospital", number, above.code, "store", *where, size)
        return Place(number, name, kind, (main,))
    pharmacy = f"{town} Hospital dispensary (simulated)"
    return Place(
        number,
        name,
        kind,
        (
            Store(code, name, "hospital", number, above.code, "store", *where, 0.4 * size),
            Store(
                f"{code}-D", pharmacy, "hospital", number, code, "dispensary", *where, 0.6 * size
            ),
        ),
    )


def _centre(rng: Random, number: int, count: int, above: Store, seat: str, town: str) -> Place:
    name = f"{town} Health Centre (simulated)"
    where = (above.region, seat, *_near(rng, above))
    size = rng.lognormvariate(0, 0.4)
    code = f"C-{count:03d}"
    store = Store(code, name, "centre", number, above.code, "store", *where, size)
    return Place(number, name, "mobile" if count % 3 else "open_msupply", (store,))
