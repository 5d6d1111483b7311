"""Overview: the system in five figures, use by month, and what needs somebody today."""

import polars as pl
import streamlit as st

from dashboard import answers, charts, columns, downloads, published, queries, show, tables
from dashboard.declared import View
from dashboard.language import _, n_
from dashboard.written import month, number
from warehouse import conditions
from warehouse.filters import Filters

USE = "Use by month"
EXPIRED = View("Expired", "expiring", "No batch in stock has expired.", conditions.EXPIRED)
OVERDUE = View("Overdue", "transfers", "No transfer is overdue.", conditions.OVERDUE)
STORES_EXPIRED = f"""
select store_code, any_value(store_name) as store_name, count(*) as batches,
    sum(shown.value) as value
from shown left join named_store using (store_code)
group by store_code order by value desc, store_code limit {queries.WORST}
"""
COLUMNS = (
    columns.REPORT
    | tables.STOCK_OUTS
    | {
        "batches": columns.number("Batches", format="localized"),
        "initiated": columns.day("Sent on", format="YYYY-MM-DD"),
    }
)


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
        use = queries.use()
        if use.is_empty():
            st.subheader(_(USE), anchor=False)
            st.caption(_("No customer invoice is confirmed or finalised yet."))
        else:
            first, last = month(use["month"][0]), month(use["month"][-1])
            note = _(
                "Units of all items that customer invoices took, {first} to {last}.",
                first=first,
                last=last,
            )
            show.chart(USE, note, charts.use(use), {})
    with right:
        note = _("Each item that a store has or uses, by its months of stock.")
        show.chart("Stock status", note, charts.statuses(stock.statuses), {})


def lists() -> None:
    """What needs somebody first: stock-outs, silent sites, expired stock, late transfers."""
    left, right = st.columns(2, gap="large")
    with left:
        st.subheader(_("Stock-outs with the most use"), anchor=False)
        worst(
            queries.stock_outs(),
            ("store_code", "item_name", "amc", "store_name"),
            _("No store is out of an item that it used in the last 91 days."),
        )
        onward("stock", _("All stock-outs"), status="out")
    with right:
        st.subheader(_("Sites late or never in contact"), anchor=False)
        silent_sites()
    left, right = st.columns(2, gap="large")
    with left:
        st.subheader(_("Stores with the most expired stock"), anchor=False)
        worst(
            answers.ask(EXPIRED, Filters(within=0), STORES_EXPIRED),
            ("store_code", "store_name", "batches", "value"),
            _(EXPIRED.empty),
        )
        onward("expiring", _("All expired stock"), show="Expired")
    with right:
        st.subheader(_("Transfers longest overdue"), anchor=False)
        worst(
            answers.answer(OVERDUE, Filters()).rows.head(queries.WORST),
            ("from_store", "to_store", "number", "initiated", "quantity_sent"),
            _(OVERDUE.empty),
        )
        onward("transfers", _("All overdue transfers"), show="Overdue")


def silent_sites() -> None:
    """The sites silent for longest, those silent for too long in red."""
    rows = queries.sync()
    late = rows.filter(rows["status"] != "ok").head(queries.WORST)
    if late.is_empty():
        st.caption(_("Every site was in contact within the last days."))
    else:
        order = ("site", "site_name", "status", "days_since_contact", "last_contact")
        tables.linked(tables.coloured(late), tables.SYNC, late, "worst:site", column_order=order)
    with st.container(horizontal=True):
        onward("sync", _("All sites"))
        days = published.read().alert_days
        silent = n_("Silent over {count} day", "Silent over {count} days", days)
        onward("sync", silent, status=["never", "alert"])


def worst(rows: pl.DataFrame, order: tuple[str, ...], empty: str) -> None:
    """A short list, or what it says when nothing is in it."""
    if rows.is_empty():
        st.caption(empty)
        return
    tables.linked(tables.shown(rows), COLUMNS, rows, f"worst:{':'.join(order)}", column_order=order)


def onward(page: str, label: str, **told: str | list[str]) -> None:
    """A link to the page that has more, the filters as told."""
    icon = ":material/arrow_forward:"
    st.page_link(f"views/{page}.py", label=label, icon=icon, query_params=told)


def page() -> None:
    """Draw the page."""
    stock = queries.overview()
    tiles(stock, queries.counts(queries.sync(), queries.SYNC_STATUSES))
    downloads.card()
    stock_charts(stock)
    lists()


page()
