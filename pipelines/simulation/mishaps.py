"""What goes wrong on the way: lines that are refused, cut, held back or sent twice.

A site's own records stay right: only what reaches the hub is spoilt.
"""

import json
from collections import Counter
from random import Random

from pipelines.simulation.held import Record
from pipelines.simulation.records import Ids

FEW = range(1, 6)  # lines of the transact that comes late
EDITORS, TRESPASSERS, REPEATERS = 2, 2, 2  # how many sites


class Mishaps:
    """Which sites spoil a segment, each in one way; by site number."""

    def __init__(self, seed: int, sites: list[int], ids: Ids) -> None:
        """Draw among `sites`."""
        drawn = iter(Random(f"{seed}/mishaps").sample(sites, EDITORS + TRESPASSERS + REPEATERS + 3))
        self.editors = [next(drawn) for _ in range(EDITORS)]  # an item, which is the primary's
        self.trespassers = [next(drawn) for _ in range(TRESPASSERS)]  # another site's location
        self.repeaters = [next(drawn) for _ in range(REPEATERS)]  # a segment, sent twice
        self.cut = next(drawn)  # a line that is cut short, then whole again
        self.slow = next(drawn)  # a transact that comes a segment after its lines
        self.losing = next(drawn)  # the device, with all it holds
        self._ids = ids
        self._pushes: dict[int, int] = {}
        self._kept: list[str] = []

    def spoil(self, site: int, lines: list[str], item: Record) -> list[str]:
        """A site's lines as they are sent; `item` is what editors spoil."""
        if site == self.slow and self._kept:
            lines, self._kept = self._kept + lines, []
            return lines
        if not lines:
            return lines
        push = self._pushes[site] = self._pushes.get(site, -1) + 1
        if site in self.editors and push == 2 + self.editors.index(site):
            renamed = f"{item['item_name']} (renamed at a site)"
            lines = [*lines, _line("item", item | {"item_name": renamed})]
        if site in self.trespassers and push == 2 + self.trespassers.index(site):
            record: Record = {"ID": self._ids.of("Location", "NMS", "MAIN"), "code": "MAIN"}
            record |= {"Description": "Not our shelf", "hold": False, "type_ID": "", "Volume": 0}
            lines = [*lines, _line("Location", record | {"store_ID": self._ids.of("store", "NMS")})]
        if site == self.cut and push == 3:
            lines = [*lines[:-1], lines[-1][: len(lines[-1]) // 2], lines[-1]]
        if site == self.slow and push in (2, 6):
            self._kept = _small_paper(lines)[:1]
            lines = [line for line in lines if line not in self._kept]
        return lines

    def repeats(self, site: int) -> bool:
        """Whether a site sends the segment that it has just sent once more."""
        return site in self.repeaters and self._pushes.get(site, 0) % 4 == 3


def _line(table: str, record: Record) -> str:
    told = {"syncOutId": f"spoilt-{table}", "tableName": table, "recordId": record["ID"]}
    told |= {"action": "update", "recordData": record}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def _small_paper(lines: list[str]) -> list[str]:
    """The finalised transacts of a segment that have but a few lines there."""
    told = [json.loads(line).get("recordData") or {} for line in lines]
    parents = Counter(record.get("transaction_ID") for record in told)
    return [
        line
        for line, record in zip(lines, told, strict=True)
        if "invoice_num" in record and record["status"] == "fn" and parents[record["ID"]] in FEW
    ]
