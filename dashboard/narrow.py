"""The filters over a report: those that it takes, by the catalogue; the rarer ones folded away."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import streamlit as st

from dashboard import filters, many, offered
from dashboard.language import _, mark, n_
from dashboard.written import day
from pipelines.errors import MainstemError
from warehouse.filters import WITHIN, Filters

HORIZONS = tuple(dict.fromkeys((WITHIN, 30, 90, 365, 730)))  # days, the report's own first

# By a report's option: the field of Filters, and what a file's header calls it.
FIELDS = {
    "--region": ("regions", mark("Regions")),
    "--district": ("districts", mark("Districts")),
    "--level": ("levels", mark("Levels")),
    "--store": ("stores", mark("Stores")),
    "--item": ("items", mark("Items")),
    "--category": ("categories", mark("Categories")),
    "--programme": ("programmes", mark("Programmes")),
    "--site": ("sites", mark("Sites")),
    "--from": ("start", mark("From")),
    "--to": ("end", mark("To")),
    "--within": ("within", mark("Days until expiry, at most")),
    "--as-of": ("as_of", mark("As of")),
    "--known-on": ("known_on", mark("As known on")),
}


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


def sites() -> tuple[int, ...]:
    """The numbers of the sites that are chosen."""
    return tuple(map(int, many.several("Site", "site", offered.options().sites, "All sites")))


def _listed(label: str, key: str, every: str) -> tuple[str, ...]:
    known = offered.options().values[key]
    return filters.choose(st.multiselect, label, key, known, placeholder=_(every))


# The widgets: of the filters used often, which stand in a row, and of the others.
OFTEN: dict[str, Callable[[], Any]] = {
    "--region": lambda: _listed("Region", "region", "All regions"),
    "--store": lambda: many.several("Store", "store", offered.options().stores, "All stores"),
    "--item": lambda: many.several("Item", "item", offered.options().items, "All items"),
    "--from": lambda: filters.day("From", "from"),
    "--to": lambda: filters.day("To", "to"),
    "--within": within,
}
MORE: dict[str, Callable[[], Any]] = {
    "--district": lambda: _listed("District", "district", "All districts"),
    "--level": lambda: _listed("Level of store", "level", "All levels"),
    "--category": lambda: _listed("Category of item", "category", "All categories"),
    "--programme": lambda: _listed("Programme", "programme", "All programmes"),
    "--site": sites,
    "--as-of": lambda: filters.day(
        "As of", "as-of", "What stood at the end of that day, by the ledger as it is known today."
    ),
    "--known-on": lambda: filters.day(
        "As known on", "known-on", "What the hub had received by the end of that day."
    ),
}


def choose(takes: Sequence[str]) -> Filters:
    """What is chosen of the filters that a report takes; one that shows the past is told.

    MainstemError for days that contradict each other.
    """
    often = {option: draw for option, draw in OFTEN.items() if option in takes}
    more = {option: draw for option, draw in MORE.items() if option in takes}
    with st.container(key="filters"):
        chosen: dict[str, Any] = {}
        for option, draw in often.items():
            chosen[option] = draw()
        if more:
            count = filters.count(option.removeprefix("--") for option in more)
            label = _("More filters")
            if count:
                label = n_("More filters · {count} set", "More filters · {count} set", count)
            with st.popover(label, key="more", icon=":material/tune:"):
                for option, draw in more.items():
                    chosen[option] = draw()
    told = Filters(**{FIELDS[option][0]: value for option, value in chosen.items()})
    _check(told)
    return told


def _check(told: Filters) -> None:
    if told.start and told.end and told.start > told.end:
        start, end = day(told.start), day(told.end)
        raise MainstemError(
            _("The period begins on {start}, after its end {end}: swap them.", start=start, end=end)
        )
    if told.as_of and told.known_on:
        raise MainstemError(
            _("As of and As known on are two ways to look back: clear one of them.")
        )
    if said := past(told):
        st.info(said, icon=":material/history:")


def past(told: Filters) -> str:
    """Which past is shown, in words; nothing where it is today."""
    if told.as_of:
        return _(
            "**As of {day}**, not today: by the ledger, as it is known today.", day=day(told.as_of)
        )
    if told.known_on:
        return _(
            "**As known on {day}**, not today: what the hub had received of stock lines by the end "
            "of that day. Use is the ledger's up to that day, as it is known today.",
            day=day(told.known_on),
        )
    return ""


def words(chosen: Filters) -> dict[str, str | date]:
    """The filters for a file's header."""
    told = {label: getattr(chosen, field) for field, label in FIELDS.values()}
    return {
        label: ", ".join(map(str, value)) if isinstance(value, tuple) else _plain(value)
        for label, value in told.items()
    }


def _plain(value: int | date | None) -> str | date:
    if value is None:
        return ""
    return value if isinstance(value, date) else str(value)
