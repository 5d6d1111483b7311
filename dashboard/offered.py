"""What the filters offer: the regions, stores and items that the published reports know."""

from dataclasses import dataclass

import streamlit as st

from dashboard.published import Snapshot, current


@dataclass(frozen=True)
class Options:
    """What there is to choose from: stores' codes by region, names of stores and items by code."""

    regions: dict[str, list[str]]
    stores: dict[str, str]
    items: dict[str, str]


def options() -> Options:
    """What the filters offer."""
    return _options(current())


@st.cache_data(show_spinner=False, max_entries=4)
def _options(snapshot: Snapshot) -> Options:
    with snapshot.opened() as con:
        stores = con.execute(
            "select store_code, store_name, region from store order by store_code"
        ).fetchall()
        items = con.execute("select item_code, item_name from item order by item_code").fetchall()
    names = sorted({region for *_, region in stores if region})
    regions = {name: [code for code, _, region in stores if region == name] for name in names}
    return Options(regions, {code: name for code, name, _ in stores}, dict(items))
