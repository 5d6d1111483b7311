"""What the filters offer: the places, stores and items that the published reports know."""

from dataclasses import dataclass

import streamlit as st

from dashboard.published import Snapshot, current

STORES = "select store_code, store_name from store order by store_code"
ITEMS = "select item_code, item_name from item order by item_code"
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
    """What there is to choose from: names of stores and of items by code; the rest by its kind."""

    stores: dict[str, str]
    items: dict[str, str]
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
        stores, items = (dict(con.execute(query).fetchall()) for query in (STORES, ITEMS))
    return Options(stores, items, values)


def _values(kind: str) -> str:
    return f"select distinct {kind} from {KINDS[kind]} where {kind} <> '' order by {kind}"
