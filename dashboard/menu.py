"""The menu: the pages in their parts, by the name of the view's file, which its address has too."""

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from dashboard.language import _

# The part without a name stands in the menu page by page.
PAGES = {
    "": {"overview": "Overview"},
    "Stock": {
        "stock": "Stock on hand",
        "batches": "Batches",
        "value": "Value",
        "ledger": "Ledger",
        "stock_outs": "Stock-outs",
        "expiring": "Expiring",
        "redistribution": "Redistribution",
    },
    "One by one": {
        "map": "Map",
        "store": "Store",
        "item": "Item",
    },
    "Movement": {
        "consumption": "Consumption",
        "transfers": "Transfers",
        "orders": "Orders",
    },
    "System": {
        "sync": "Sync",
        "site": "Site",
        "confidence": "Data confidence",
        "quality": "Quality",
        "quarantine": "Quarantine",
        "runs": "Runs",
    },
}


def pages() -> dict[str, list[StreamlitPage]]:
    """The pages of each part, for st.navigation."""
    return {
        _(part): [
            st.Page(f"views/{name}.py", title=_(title), default=name == "overview")
            for name, title in told.items()
        ]
        for part, told in PAGES.items()
    }
