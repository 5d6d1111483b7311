"""A book: a scene with its reports, and what its stores send."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from scene import Line, Scene

from warehouse import report

# Invoice types, and which way their lines go.
DIRECTIONS = {"si": "stock_in", "cc": "stock_in", "ci": "stock_out", "sc": "stock_out"}


@dataclass
class Book:
    """A scene with its reports; days are ISO dates, the time is UTC."""

    scene: Scene

    def cycle(self, given: Mapping[int, Iterable[Line | str]] | None = None, at: str = "") -> None:
        """Send, run a cycle, publish the reports."""
        self.scene.cycle(given, at=at or None, marts=True)

    def report(
        self, name: str, now: str = "2024-05-31T12:00:00", **told: Any
    ) -> list[tuple[Any, ...]]:
        """The rows of a report, dates as ISO text; `told` are its filters."""
        days: dict[str, Any] = {
            key: date.fromisoformat(told.pop(key))
            for key in ("start", "end", "as_of", "known_on")
            if key in told
        }
        moment = datetime.fromisoformat(now).replace(tzinfo=UTC)
        filters = report.Filters(now=moment, **days, **told)
        rows = report.read(self.scene.hub.home.reports, name, filters).rows()
        return [tuple(str(c) if isinstance(c, date) else c for c in row) for row in rows]


def invoice(
    id: str,
    type: str,
    name: str,
    *lines: dict[str, Any],
    store: str = "A",
    item: str = "I1",
    confirm: str = "2024-02-10",
    final: str = "2024-02-12",
    **told: Any,
) -> list[Line]:
    """A transaction and its lines, a pack of one at 2 each unless a line says otherwise."""
    head: dict[str, Any] = {
        "store_ID": store,
        "name_ID": name,
        "type": type,
        "status": "fn",
        "mode": "store",
    }
    head |= {"invoice_num": 1, "confirm_date": confirm, "finalised_date": final}
    made: list[Line] = [["transact", id, head | told]]
    for number, line in enumerate(lines, start=1):
        whole: dict[str, Any] = {
            "transaction_ID": id,
            "item_ID": item,
            "type": DIRECTIONS.get(type.lower(), "?"),
        }
        whole |= {"pack_size": 1, "cost_price": 2}
        made.append(["trans_line", f"{id}-{number}", whole | line])
    return made


def stock(id: str, quantity: float, store: str = "A", item: str = "I1", **told: Any) -> Line:
    """A stock line, a pack of one at 2 each, all of it available."""
    whole: dict[str, Any] = {
        "store_ID": store,
        "item_ID": item,
        "batch": "B1",
        "expiry_date": "2027-01-31",
    }
    whole |= {"pack_size": 1, "quantity": quantity, "available": quantity, "cost_price": 2}
    return ["item_line", id, whole | told]


def items_of(lines: Iterable[Line]) -> list[str]:
    """The items that lines name."""
    told = [line[-1].get("item_ID") for line in lines if isinstance(line[-1], dict)]
    return sorted({item for item in told if item})
