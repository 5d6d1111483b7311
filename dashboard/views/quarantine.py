"""Quarantine: the lines that were refused or wait, why, and how to have them judged again."""

import polars as pl
import streamlit as st

from dashboard import (
    access,
    columns,
    downloads,
    filters,
    hub,
    many,
    offered,
    published,
    show,
    tables,
    words,
)
from dashboard.hub import Held
from dashboard.language import _, mark, n_
from pipelines import registry
from pipelines.admin import quarantine as admin
from pipelines.admin.words import counted

REFUSED, WAITING = mark("Refused"), mark("Waiting")
EMPTY = {
    REFUSED: mark("No line is in quarantine: all that came was accepted or waits."),
    WAITING: mark("No line waits for its parent or its store."),
}


def choose() -> Held:
    """The filters."""
    told = filters.one(
        st.segmented_control, "Show", "show", (REFUSED, WAITING), required=True, format_func=_
    )
    waiting = told == WAITING
    left, right = st.columns([2, 1])
    reasons: tuple[str, ...] = ()
    if not waiting:
        with left:
            reasons = filters.choose(
                st.pills, "Reason", "reason", list(hub.reasons()),
                selection_mode="multi", format_func=words.word,
            )  # fmt: skip
    with right:
        known = offered.options().sites
        unknown = _("not known")
        names = {
            number: known.get(number, f"{number} · {unknown}")
            for number in map(str, hub.sites_held())
        }
        sites = many.several("Site", "site", names, "All sites")
    return Held(waiting, reasons, tuple(int(number) for number in sites))


def meanings(chosen: Held) -> None:
    """What each reason means and asks for, with its number of lines."""
    known = registry.reasons()
    counts = hub.reasons()
    for reason in chosen.reasons or tuple(counts):
        told = known[reason].description if reason in known else mark("No reason of this version.")
        count = n_("{count} line", "{count} lines", counts[reason])
        st.markdown(f"**{words.word(reason)}** · {count}. {_(told)}")


def commands(picked: list[int], whole: bool) -> str:
    """The commands that show a line and have lines judged again; `whole` if those are all."""
    named = "" if whole else "".join(f" {id}" for id in picked)
    return f"mainstem quarantine show {picked[0]}\nmainstem quarantine retry{named}"


def retry(chosen: Held, lines: pl.DataFrame, selected: list[int]) -> None:
    """How the lines that are picked, else all that are shown, are judged again, by who may."""
    st.subheader(_("After the cause is mended"), anchor=False)
    picked = lines["id"][selected].to_list() if selected else lines["id"].to_list()
    whole = not selected and chosen == Held()
    st.caption(_("The next cycle judges them again. What waits is judged again by itself."))
    if not access.may("retry"):
        return
    if not chosen.waiting:
        many = len(picked)
        noted = counted(many, "line", "lines")
        again = access.done("retry", lambda: admin.retry(access.home(), picked), noted)
        label = n_("Judge {count} line again", "Judge {count} lines again", many)
        if st.button(label, icon=":material/replay:"):
            again()
            st.success(
                n_(
                    "The next cycle judges {count} line again.",
                    "The next cycle judges {count} lines again.",
                    many,
                )
            )
    if len(picked) > hub.NAMED and not whole:
        st.caption(
            _(
                "Pick up to {count} lines in the table to have a command that names them.",
                count=hub.NAMED,
            )
        )
        picked = picked[: hub.NAMED]
    st.code(commands(picked, whole), language="sh")


def page() -> None:
    """Draw the page."""
    chosen = choose()
    told = hub.held(chosen)
    if not told.count:
        empty = EMPTY[WAITING if chosen.waiting else REFUSED]
        narrowed = chosen.reasons or chosen.sites
        st.info(f"{_(empty)} {_(show.MORE)}" if narrowed else _(empty))
        return
    if not chosen.waiting:
        meanings(chosen)
    about = {mark("Reasons"): chosen.reasons, mark("Sites"): ", ".join(map(str, chosen.sites))}
    downloads.headed(
        show.counted(told.count, told.rows.height),
        "quarantine",
        _("Quarantine"),
        about,
        lambda: hub.held_rows(chosen),
        told.count,
    )
    event = tables.draw(
        tables.shown(told.rows),
        columns.HELD,
        told.rows.height,
        column_order=tuple(columns.HELD),
        key=f"lines:{published.read().cycle}:{chosen}",  # what was picked is of these lines
        on_select="rerun",
        selection_mode="multi-row",
    )
    retry(chosen, told.rows, [at for at in event.selection.rows if at < told.rows.height])


page()
