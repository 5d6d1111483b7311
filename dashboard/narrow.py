"""The row of filters over a report: those that the report takes, by the catalogue."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import streamlit as st

from dashboard import filters, offered
from dashboard.language import _, mark, n_
from warehouse.filters import WITHIN, Filters

HORIZONS = tuple(dict.fromkeys((WITHIN, 30, 90, 365, 730)))  # days, the report's own first


def regions() -> tuple[str, ...]:
    """The regions that are chosen."""
    known = list(offered.options().regions)
    return filters.choose(st.multiselect, "Region", "region", known, placeholder=_("All regions"))


def stores() -> tuple[str, ...]:
    """The codes of the stores that are chosen."""
    return _named("Store", "store", offered.options().stores, _("All stores"))


def items() -> tuple[str, ...]:
    """The codes of the items that are chosen."""
    return _named("Item", "item", offered.options().items, _("All items"))


def _named(label: str, key: str, known: dict[str, str], every: str) -> tuple[str, ...]:
    names = {code: f"{code} · {name}" for code, name in known.items()}
    return filters.choose(
        st.multiselect, label, key, list(names), format_func=names.__getitem__, placeholder=every
    )


def start() -> date | None:
    """The first day of the period."""
    return filters.day("From", "from")


def end() -> date | None:
    """The last day of the period."""
    return filters.day("To", "to")


def within() -> int:
    """How many days ahead is looked."""
    days = [str(number) for number in HORIZONS]
    told = filters.one(
        st.selectbox,
        "Expires within",
        "within",
        days,
        format_func=lambda told: n_("{count} day", "{count} days", int(told)),
    )
    return int(told)


# By a report's option: the field of Filters, and the widget.
OFFERED: dict[str, tuple[str, Callable[[], Any]]] = {
    "--region": ("regions", regions),
    "--store": ("stores", stores),
    "--item": ("items", items),
    "--from": ("start", start),
    "--to": ("end", end),
    "--within": ("within", within),
}


def choose(takes: Sequence[str]) -> Filters:
    """What is chosen of the filters that a report takes."""
    drawn = [told for option, told in OFFERED.items() if option in takes]
    chosen: dict[str, Any] = {}
    for (field, widget), column in zip(drawn, st.columns(len(drawn)), strict=True):
        with column:
            chosen[field] = widget()
    return Filters(**chosen)


def words(chosen: Filters) -> dict[str, str | date]:
    """The filters for a file's header."""
    return {
        mark("Regions"): ", ".join(chosen.regions),
        mark("Stores"): ", ".join(chosen.stores),
        mark("Items"): ", ".join(chosen.items),
        mark("From"): chosen.start or "",
        mark("To"): chosen.end or "",
        mark("Days until expiry, at most"): "" if chosen.within is None else str(chosen.within),
    }
