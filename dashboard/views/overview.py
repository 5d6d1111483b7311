"""Overview: the system in five figures, use by month, and what needs somebody today."""

import streamlit as st

from dashboard import charts, queries, tables
from dashboard.language import _, n_
from dashboard.written import month, number


def tiles(stock: queries.Overview, sites: dict[str, int]) -> None:
    """The five figures."""
    late = sites["late"] + sites["alert"]
    pairs = stock.statuses
    told = [
        (_("Stock value"), number(stock.value, "{:,.2f}"), _("home currency")),
        (
            _("Stores"),
            number(stock.stores),
            n_("on {count} site", "on {count} sites", sum(sites.values())),
        ),
        (_("Items in stock"), number(stock.items), _("in one store or more")),
        (
            _("Stock-outs"),
            number(pairs["out"]),
            n_("of {count} item of a store", "of {count} items of stores", sum(pairs.values())),
        ),
        (
            _("Sites late"),
            number(late),
            _(
                "{alert} alert, {never} never",
                alert=number(sites["alert"]),
                never=number(sites["never"]),
            ),
        ),
    ]
    tables.tiles(told)


def stock_charts(stock: queries.Overview) -> None:
    """Use by month, and how many items of stores have each status."""
    left, right = st.columns([3, 2], gap="large")
    with left:
        st.subheader(_("Use by month"), anchor=False)
        if stock.use.is_empty():
            st.caption(_("No customer invoice is confirmed or finalised yet."))
        else:
            first, last = month(stock.use["month"][0]), month(stock.use["month"][-1])
            st.caption(
                _(
                    "Units of all items that customer invoices took, {first} to {last}.",
                    first=first,
                    last=last,
                )
            )
            st.vega_lite_chart(charts.use(stock.use))
    with right:
        st.subheader(_("Stock status"), anchor=False)
        st.caption(_("Each item that a store has or uses, by its months of stock."))
        st.vega_lite_chart(charts.statuses(stock.statuses))


def lists(stock: queries.Overview) -> None:
    """The worst stock-outs and the latest sites."""
    left, right = st.columns(2, gap="large")
    with left:
        st.subheader(_("Stock-outs with the most use"), anchor=False)
        if stock.stock_outs.is_empty():
            st.caption(_("No store is out of an item that it used in the last 91 days."))
        else:
            columns = ("store_code", "item_name", "amc", "store_name")
            tables.draw(
                stock.stock_outs, tables.STOCK_OUTS, queries.WORST,
                column_order=columns, row_height=None,
            )  # fmt: skip
        st.page_link(
            "views/stock.py",
            label=_("All stock-outs"),
            icon=":material/arrow_forward:",
            query_params={"status": "out"},
        )
    with right:
        st.subheader(_("Sites late or never in contact"), anchor=False)
        rows = queries.sync()
        late = rows.filter(rows["status"] != "ok").head(queries.WORST)
        if late.is_empty():
            st.caption(_("Every site was in contact within the last days."))
        else:
            columns = ("site", "site_name", "status", "days_since_contact", "last_contact")
            tables.draw(
                tables.coloured(late), tables.SYNC, queries.WORST,
                column_order=columns, row_height=None,
            )  # fmt: skip
        st.page_link("views/sync.py", label=_("All sites"), icon=":material/arrow_forward:")


def page() -> None:
    """Draw the page."""
    stock = queries.overview()
    tiles(stock, queries.counts(queries.sync(), queries.SYNC_STATUSES))
    stock_charts(stock)
    lists(stock)


page()
