"""What the filters offer: the places, stores and items that the published reports know."""

from dataclasses import dataclass

import streamlit as st

from dashboard.published import Snapshot, current

# What they are called, by code or number.
NAMED = {
    "stores": "select store_code, store_code || ' · ' || store_name from store order by store_code",
    "items": "select item_code, item_code || ' · ' || item_name from item order by item_code",
    "sites": "select site::varchar, site || ' · ' || site_name from marts.site order by site",
}
# Kinds of places and things, each a column, and where they stand.
KINDS = {
    "region": "store",
    "district": "store",
    "level": "store",
    "category": "item",
    "programme": "marts.programme semi join item using (item_id)",
}


@dataclass(frozen=True)
class Options:
    """What there is to choose from.

    What stores and items are called, by code, and sites, by number; the rest by its kind.
    """

    stores: dict[str, str]
    items: dict[str, str]
    sites: dict[str, str]
    values: dict[str, list[str]]


def options() -> Options:
    """What the filters offer."""
    return _options(current())


@st.cache_resource(show_spinner=False, max_entries=4)
def _options(snapshot: Snapshot) -> Options:
    with snapshot.opened() as con:
        values = {
            kind: [value for (value,) in con.execute(_values(kind)).fetchall()] for kind in KINDS
        }
        named = {what: dict(con.execute(query).fetchall()) for what, query in NAMED.items()}
    return Options(**named, values=values)


def _values(kind: str) -> str:
    return f"select distinct {kind} from {KINDS[kind]} where {kind} <> '' order by {kind}"
