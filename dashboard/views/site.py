"""Site: one site's contact, the age of its data, its queue, its stores, what of it is held."""

from typing import Any

import streamlit as st

from dashboard import answers, columns, downloads, filters, hub, queries, show, tables
from dashboard.declared import View
from pipelines.admin import words
from warehouse.filters import Filters

STORES = View("Stores", "confidence", "No store in use is active at this site.")


def choose() -> int | None:
    """The number of the site that is chosen."""
    names = {str(number): f"{number} · {name}" for number, name in hub.sites().items()}
    told = filters.one(
        st.selectbox, "Site", "site", ["", *names],
        format_func=lambda number: names.get(number, "Choose a site"),
    )  # fmt: skip
    return int(told) if told else None


def standing(site: dict[str, Any], synced: dict[str, Any] | None, held: dict[str, int]) -> None:
    """The figures: those of the sync report, if the site is in it, and the lines held."""
    told = synced or {}
    if site["disabled"] or site["is_central"]:
        status = "Disabled" if site["disabled"] else "Central"
    else:
        status = told.get("status", "never").capitalize()
    waiting = held.get("deferred", 0)
    refused = sum(held.values()) - waiting
    tables.tiles(
        [
            ("Status", status, site["last_contact"] or "not once in contact"),
            ("Days silent", _written(told.get("days_since_contact")), "since its last contact"),
            ("Data age", _written(told.get("data_age_days")), "days since it sent a change"),
            ("Queue", _written(site["queue_length"]), "records it is still owed"),
            ("In quarantine", _written(refused), f"lines; {waiting:,} more wait"),
        ]
    )


def _written(value: int | None) -> str:
    return show.NOTHING if value is None else f"{value:,}"


def stores(number: int) -> None:
    """The stores of the site, and how far the figures of each can be trusted."""
    st.subheader("Stores", anchor=False)
    told = answers.answer(STORES, Filters(sites=(number,)))
    if not told.count:
        st.caption(STORES.empty)
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
    st.subheader("Quarantine", anchor=False)
    if not held:
        st.caption("No line of this site was refused or waits.")
        return
    for reason, count in held.items():
        st.markdown(f"**{reason.replace('_', ' ')}** · {words.counted(count, 'line', 'lines')}")
    st.page_link(
        "views/quarantine.py",
        label="Its lines",
        icon=":material/arrow_forward:",
        query_params={"site": str(number)}
        | ({"show": "Waiting"} if set(held) == {"deferred"} else {}),
    )


def contacts(number: int) -> None:
    """With what software the site called, when, and what went wrong."""
    told = hub.contacts(number)
    st.subheader("Last contacts", anchor=False)
    if told.is_empty():
        st.caption("It has not called over HTTP in the last 90 days; a site may send files.")
        return
    wrong = told["error"].is_not_null().sum()
    said = [words.counted(told.height, "contact", "contacts"), f"{wrong:,} went wrong"]
    software = filters.plain(" and ".join(hub.software(told)))
    said += [software or "it does not say its software"]
    about = {"Site": str(number)}
    downloads.headed(" · ".join(said), "contacts", "Contacts", about, lambda: told, told.height)
    tables.draw(told, columns.CONTACT, told.height, column_order=tuple(columns.CONTACT))


def page() -> None:
    """Draw the page."""
    number = choose()
    if number is None:
        st.info("Choose a site, or click one on the page Sync.")
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
    contacts(number)


page()
