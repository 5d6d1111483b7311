"""The filters over a report: those that it takes, by the catalogue; the rarer ones folded away."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

import streamlit as st

from dashboard import filters, hub, offered
from pipelines.errors import MainstemError
from warehouse.filters import WITHIN, Filters

HORIZONS = tuple(dict.fromkeys((WITHIN, 30, 90, 365, 730)))  # days, the report's own first

# By a report's option: the field of Filters, and what a file's header calls it.
FIELDS = {
    "--region": ("regions", "Regions"),
    "--district": ("districts", "Districts"),
    "--level": ("levels", "Levels"),
    "--store": ("stores", "Stores"),
    "--item": ("items", "Items"),
    "--category": ("categories", "Categories"),
    "--programme": ("programmes", "Programmes"),
    "--site": ("sites", "Sites"),
    "--from": ("start", "From"),
    "--to": ("end", "To"),
    "--within": ("within", "Expires within"),
    "--as-of": ("as_of", "As of"),
    "--known-on": ("known_on", "As known on"),
}


def within() -> int:
    """How many days ahead is looked."""
    days = [str(number) for number in HORIZONS]
    told = filters.one(
        st.selectbox, "Expires within", "within", days, format_func=lambda told: f"{told} days"
    )
    return int(told)


def sites() -> tuple[int, ...]:
    """The numbers of the sites that are chosen."""
    names = {str(number): name for number, name in hub.sites().items()}
    return tuple(map(int, _named("Site", "site", names, "All sites")))


def _listed(label: str, key: str, known: Iterable[str], every: str) -> tuple[str, ...]:
    return filters.choose(st.multiselect, label, key, list(known), placeholder=every)


def _named(label: str, key: str, known: dict[str, str], every: str) -> tuple[str, ...]:
    names = {code: f"{code} · {name}" for code, name in known.items()}
    return filters.choose(
        st.multiselect, label, key, list(names), format_func=names.__getitem__, placeholder=every
    )


# The widgets: of the filters used often, which stand in a row, and of the others.
OFTEN: dict[str, Callable[[], Any]] = {
    "--region": lambda: _listed("Region", "region", offered.options().regions, "All regions"),
    "--store": lambda: _named("Store", "store", offered.options().stores, "All stores"),
    "--item": lambda: _named("Item", "item", offered.options().items, "All items"),
    "--from": lambda: filters.day("From", "from"),
    "--to": lambda: filters.day("To", "to"),
    "--within": within,
}
MORE: dict[str, Callable[[], Any]] = {
    "--district": lambda: _listed(
        "District", "district", offered.options().districts, "All districts"
    ),
    "--level": lambda: _listed("Level of store", "level", offered.options().levels, "All levels"),
    "--category": lambda: _listed(
        "Category of item", "category", offered.options().categories, "All categories"
    ),
    "--programme": lambda: _listed(
        "Programme", "programme", offered.options().programmes, "All programmes"
    ),
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
            label = f"More filters · {count} set" if count else "More filters"
            with st.popover(label, key="more", icon=":material/tune:"):
                for option, draw in more.items():
                    chosen[option] = draw()
    told = Filters(**{FIELDS[option][0]: value for option, value in chosen.items()})
    _check(told)
    return told


def _check(told: Filters) -> None:
    if told.start and told.end and told.start > told.end:
        raise MainstemError(
            f"The period begins on {told.start}, after its end {told.end}: swap them."
        )
    if told.as_of and told.known_on:
        raise MainstemError("As of and As known on are two ways to look back: clear one of them.")
    if day := told.as_of or told.known_on:
        st.info(past(told, day), icon=":material/history:")


def past(told: Filters, day: date) -> str:
    """Which past is shown, in words."""
    if told.as_of:
        return f"**As of {day}**, not today: by the ledger, as it is known today."
    return (
        f"**As known on {day}**, not today: what the hub had received of stock lines by the end of "
        "that day. Use is the ledger's up to that day, as it is known today."
    )


def words(chosen: Filters) -> dict[str, str]:
    """The filters for a file's header."""
    told = {label: getattr(chosen, field) for field, label in FIELDS.values()}
    return {
        label: ", ".join(map(str, value)) if isinstance(value, tuple) else _plain(label, value)
        for label, value in told.items()
    }


def _plain(label: str, value: Any) -> str:
    if value is None:
        return ""
    return f"{value} days" if label == FIELDS["--within"][1] else str(value)
