"""How much the simulated country uses: what stores plan for, and what a day really takes."""

from datetime import date, timedelta
from random import Random

from pipelines.simulation.items import Item, season_factor
from pipelines.simulation.places import Store
from pipelines.simulation.setup import CLIENTS, carries

OUTBREAK_DAYS = 24
OUTBREAK = 2.2  # how many times the use it makes of antimalarials


class Demand:
    """Use in units a day, by store code and item code."""

    def __init__(
        self, seed: int, stores: list[Store], items: tuple[Item, ...], start: date
    ) -> None:
        """`planned` is the mean use that passes through a store, its customers' included."""
        rng = Random(f"{seed}/demand")
        self._regions = sorted({store.region for store in stores})
        self.outbreak_region = rng.choice(self._regions)
        self.outbreak_start = start + timedelta(days=rng.randint(25, 45))
        self._own = {
            store.code: {
                item.code: item.daily * store.size * rng.uniform(0.7, 1.4)
                for item in items
                if store.level in CLIENTS and carries(store, item)
            }
            for store in stores
        }
        self.planned = {code: dict(own) for code, own in self._own.items()}
        for store in reversed(stores):  # customers come after their suppliers
            for code, units in self.planned[store.code].items():
                if store.supplier:
                    above = self.planned[store.supplier]
                    above[code] = above.get(code, 0.0) + units

    def of_day(self, store: Store, item: Item, day: date, rng: Random) -> float:
        """The units that a store's clients need on a day: season, outbreak, chance."""
        mean = self._own[store.code].get(item.code, 0.0) * season_factor(item.season, day)
        since = (day - self.outbreak_start).days
        ill = store.region == self.outbreak_region and item.season == "malaria"
        if ill and 0 <= since < OUTBREAK_DAYS:
            mean *= OUTBREAK
        return mean * rng.gammavariate(4, 0.25)
