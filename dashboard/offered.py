"""What the filters offer: the places, stores and items that the published reports know."""

from dataclasses import dataclass
from functools import cached_property

import polars as pl
import streamlit as st

from dashboard.published import Snapshot, current

STORES = """
select store_code, store_name, region, district, level, site from store order by store_code
"""
ITEMS = "select item_code, item_name, category from item order by item_code"

PROGRAMMES = "select item_code, programme from marts.programme join item using (item_id)"


@dataclass(frozen=True)
class Options:
    """What there is to choose from: a row per store, per item, per programme and item of it."""

    store_rows: pl.DataFrame
    item_rows: pl.DataFrame
    programme_rows: pl.DataFrame

    @cached_property
    def stores(self) -> dict[str, str]:
        """Names of stores by code."""
        return dict(self.store_rows.select("store_code", "store_name").iter_rows())

    @cached_property
    def items(self) -> dict[str, str]:
        """Names of items by code."""
        return dict(self.item_rows.select("item_code", "item_name").iter_rows())

    @cached_property
    def regions(self) -> list[str]:
        """The regions of stores."""
        return _values(self.store_rows["region"])

    @cached_property
    def districts(self) -> list[str]:
        """The districts of stores."""
        return _values(self.store_rows["district"])

    @cached_property
    def levels(self) -> list[str]:
        """The levels of stores."""
        return _values(self.store_rows["level"])

    @cached_property
    def categories(self) -> list[str]:
        """The categories of items."""
        return _values(self.item_rows["category"])

    @cached_property
    def programmes(self) -> list[str]:
        """The programmes that have items."""
        return _values(self.programme_rows["programme"])


def _values(column: pl.Series) -> list[str]:
    return [value for value in column.unique().sort().to_list() if value]


def options() -> Options:
    """What the filters offer."""
    return _options(current())


@st.cache_resource(show_spinner=False, max_entries=4)
def _options(snapshot: Snapshot) -> Options:
    with snapshot.opened() as con:
        return Options(*(con.execute(query).pl() for query in (STORES, ITEMS, PROGRAMMES)))
