"""Site: one site's contact, the age of its data, its queue, its stores, what of it is held."""

from typing import Any

import polars as pl
import streamlit as st

from dashboard import (
    answers,
    columns,
    downloads,
    filters,
    hub,
    many,
    offered,
    queries,
    show,
    tables,
    words,
    written,
)
from dashboard.declared import View
from dashboard.language import _, mark, n_
from warehouse.filters import Filters

STORES = View("Stores", "confidence", "No store in use is active at this site.")


def choose() -> int | None:
    """The number of the site that is chosen."""
    told = many.single("Site", "site", offered.options().sites, "Choose a site")
    return int(told) if told else None


def standing(site: dict[str, Any], synced: dict[str, Any] | None, held: dict[str, int]) -> None:
    """The figures: those of the sync report, if the site is in it, and the lines held."""
    told = synced or {}
    if site["disabled"] or site["is_central"]:
        status = _("Disabled") if site["disabled"] else _("Central")
    else:
        status = words.word(told.get("status", "never")).capitalize()
    last = site["last_contact"]
    waiting = held.get("deferred", 0)
    refused = sum(held.values()) - waiting
    tables.tiles(
        [
            (_("Status"), status, written.moment(last) if last else _("not once in contact")),
            (
                _("Days silent"),
                _written(told.get("days_since_contact")),
                _("since its last contact"),
            ),
            (_("Data age"), _written(told.get("data_age_days")), _("days since it sent a change")),
            (_("Queue"), _written(site["queue_length"]), _("records it is still owed")),
            (
                _("In quarantine"),
                _written(refused),
                _("lines; {count} more wait", count=written.number(waiting)),
            ),
        ]
    )


def _written(value: int | None) -> str:
    return show.NOTHING if value is None else written.number(value)


def stores(number: int) -> None:
    """The stores of the site, and how far the figures of each can be trusted."""
    st.subheader(_("Stores"), anchor=False)
    told = answers.answer(STORES, Filters(sites=(number,)))
    if not told.count:
        st.caption(_(STORES.empty))
        return
    tables.draw(
        tables.shown(told.rows),
        columns.REPORT,
        told.rows.height,
        column_order=("store_code", "store_name", "last_movement", "grade"),
        height="auto",
    )


def held_lines(number: int, held: dict[str, int]) -> None:
    """Why lines of the site are held, and where to read more."""
    st.subheader(_("Quarantine"), anchor=False)
    if not held:
        st.caption(_("No line of this site was refused or waits."))
        return
    for reason, count in held.items():
        many = n_("{count} line", "{count} lines", count)
        st.markdown(f"**{words.word(reason)}** · {many}")
    st.page_link(
        "views/quarantine.py",
        label=_("Its lines"),
        icon=":material/arrow_forward:",
        query_params={"site": str(number)}
        | ({"show": "Waiting"} if set(held) == {"deferred"} else {}),
    )


def contacts(number: int) -> None:
    """With what software the site called, when, and what went wrong."""
    told = hub.contacts(number)
    st.subheader(_("Last contacts"), anchor=False)
    if told.is_empty():
        st.caption(_("It has not called over HTTP in the last 90 days; a site may send files."))
        return
    wrong = told.filter(pl.col("error").is_not_null()).height
    said = [
        n_("{count} contact", "{count} contacts", told.height),
        n_("{count} went wrong", "{count} went wrong", wrong),
    ]
    software = filters.plain(written.listed(hub.software(told)))
    said += [software or _("it does not say its software")]
    about = {mark("Site"): str(number)}
    downloads.headed(" · ".join(said), "contacts", _("Contacts"), about, lambda: told, told.height)
    tables.draw(told, columns.CONTACT, told.height, column_order=tuple(columns.CONTACT))


def page() -> None:
    """Draw the page."""
    number = choose()
    if number is None:
        st.info(_("Choose a site, or click one on the page Sync."))
        return
    site, held = hub.site(number), hub.held_of_site(number)
    st.subheader(f"{number} · {filters.plain(site['site_name'])}", anchor=False)
    synced = queries.sync().filter(site=number).to_dicts()
    standing(site, synced[0] if synced else None, held)
    left, right = st.columns([3, 2], gap="large")
    with left:
        stores(number)
    with right:
        held_lines(number, held)
    show.queues([number], {mark("Site"): str(number)})
    contacts(number)


page()
