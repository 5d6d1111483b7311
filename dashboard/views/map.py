"""Map: the stores where they stand, by how much of what they use they are out of.

It is drawn from their latitudes and longitudes alone: nothing comes from the internet.
"""

import streamlit as st

from dashboard import answers, charts, narrow, show, written
from dashboard.declared import Figure, View
from dashboard.language import _, n_
from warehouse.catalogue import REPORTS

PLACED = f"""
select
    any_value(store.store_name) as store_name, store_code, any_value(store.region) as region,
    any_value(store.latitude) as latitude, any_value(store.longitude) as longitude,
    count(*) filter (status = 'out') as out, count(*) filter (amc > 0) as used,
    sum(value) as value
from shown join marts.store as store using (store_code)
where store.latitude between -90 and 90 and store.longitude between -180 and 180
group by store_code order by store_code limit {show.POINTS}
"""
VIEW = View(
    "All",
    "stock-on-hand",
    "No store has stock, nor used any in the last 91 days.",
    figures=(
        Figure("Stores", "count(distinct store_code)", note="with stock or use"),
        Figure(
            "Out of something", "count(distinct store_code) filter (status = 'out')",
            note="that they use",
        ),
        Figure("Items out", "count(*) filter (status = 'out')", note="of all stores"),
    ),
)  # fmt: skip


def page() -> None:
    """Draw the page."""
    chosen = narrow.choose(REPORTS[VIEW.report].takes)
    stores = answers.ask(VIEW, chosen, PLACED)
    counted = answers.ask(VIEW, chosen, "select count(distinct store_code) as stores from shown")
    count = counted["stores"][0]
    if not count:
        st.info(_(VIEW.empty))
        return
    show.figures(VIEW, chosen)
    if stores.is_empty():
        st.info(
            _("No store's place is known: 'latitude' and 'longitude' in its name's custom data.")
        )
        return
    note = n_(
        "{count} store, by what of the items that it uses it is out of.",
        "{count} stores, by what of the items that they use they are out of.",
        stores.height,
    )
    if count > stores.height:
        lost = written.number(count - stores.height)
        note += " " + _("Stores whose place is not known: {count}.", count=lost)
    show.chart("Where stores are out", note, charts.places(stores), narrow.words(chosen))


page()
