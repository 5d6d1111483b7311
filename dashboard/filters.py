"""Filters that live in the URL, so that a link shows what its sender saw.

Those that say which part of the country and of time is looked at are kept from page to page: a page
turned to by an address without filters begins with what was chosen on the others.
"""

import re
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import chooser, written
from dashboard.language import _

# A widget of Streamlit's that picks some of its options.
Widget = Callable[..., list[str]]

KEPT = (
    "region", "district", "level", "store", "item", "category", "programme",
    "from", "to", "as-of", "known-on",
)  # fmt: skip
# Above the page: where it is told what of the URL is left out; its filter may be folded away.
_above: ContextVar[DeltaGenerator] = ContextVar("above")
FIRST, LAST = date(1970, 1, 1), date(2199, 12, 31)


@contextmanager
def of_page(page: str) -> Generator[None]:
    """Within it a page is drawn; `page` tells it from the others."""
    state = st.session_state
    said = st.query_params.to_dict().keys() - {chooser.KEY}
    state["url:arriving"] = state.get("url:page") != page and not said
    mark = _above.set(st.container())
    try:
        yield
    finally:
        _above.reset(mark)
    state["url:page"] = page


def choose(
    widget: Widget, label: str, key: str, options: Sequence[str], **looks: Any
) -> tuple[str, ...]:
    """Let the user pick some of `options`; the URL's `key` and the widget say the same.

    Whichever of the two changed last wins. What the URL names and nobody has is told and left out.
    """
    known = set(options)
    told = of_url(key)
    if key not in st.session_state or st.session_state.get(f"url:{key}") != told:
        st.session_state[key] = told
        for value in [value for value in told if value not in known]:
            say(
                _(
                    "There is no {what} {value}: it is left out of the filter.",
                    what=_(label).lower(),
                    value=plain(value),
                )
            )
    st.session_state[key] = [value for value in st.session_state[key] if value in known]
    chosen = widget(_(label), options, key=key, **looks)
    _tell(key, chosen, told)
    return tuple(chosen)


def one(
    widget: Callable[..., str | None], label: str, key: str, options: Sequence[str], **looks: Any
) -> str:
    """Let the user pick one of `options`; without a word in the URL it is the first."""
    told = of_url(key)
    held = held_one(key)
    if held not in st.session_state or st.session_state.get(f"url:{key}") != told:
        wanted = told[0] if told else options[0]
        if wanted not in options:
            what, value = _(label).lower(), plain(wanted)
            shown = looks.get("format_func", str)(options[0])
            say(
                _(
                    "There is no {what} {value}: {shown} is shown.",
                    what=what,
                    value=value,
                    shown=shown,
                )
                if options[0]
                else _("There is no {what} {value}.", what=what, value=value)
            )
        st.session_state[held] = wanted
    if st.session_state[held] not in options:
        st.session_state[held] = options[0]
    chosen = widget(_(label), options, key=held, **looks) or options[0]
    _tell(key, [chosen] if chosen != options[0] else [], told)
    return chosen


def day(label: str, key: str, note: str = "") -> date | None:
    """Let the user pick a day; the URL's `key` has it as YYYY-MM-DD. A note says more of it."""
    told = of_url(key)
    held = f"day:{key}"
    if held not in st.session_state or st.session_state.get(f"url:{key}") != told:
        st.session_state[held] = _day(told[0], label) if told else None
    st.session_state[held] = st.session_state[
        held
    ]  # another page's widget of this key begins empty
    chosen = st.date_input(
        _(label), value=None, min_value=FIRST, max_value=LAST, key=held, help=_(note) or None,
        format="YYYY-MM-DD" if written.is_iso() else "DD/MM/YYYY",
    )  # fmt: skip
    picked = chosen if isinstance(chosen, date) else None
    _tell(key, [picked.isoformat()] if picked else [], told)
    return picked


def find(label: str, key: str) -> str:
    """Let the user type what to look for; the URL's `key` and the field say the same."""
    told = st.query_params.get(key, "")
    if key not in st.session_state or st.session_state.get(f"url:{key}") != told:
        st.session_state[key] = told
    typed = st.text_input(_(label), key=key, icon=":material/search:")
    if typed:
        st.query_params[key] = typed
    elif told:
        del st.query_params[key]
    st.session_state[f"url:{key}"] = typed
    return typed.strip()


def count(keys: Iterable[str]) -> int:
    """How many of the filters say something, by their widget or, if that is older, the URL."""
    return sum(map(bool, map(_said, keys)))


def plain(text: str) -> str:
    """A text that others wrote, as Markdown that shows it as it is."""
    return re.sub(r"([\\`*_{}\[\]()<>#!|$:~])", r"\\\1", text)


def _said(key: str) -> Any:
    told = of_url(key)
    state = st.session_state
    held = next((name for name in (key, f"day:{key}") if name in state), None)
    return state[held] if held and state.get(f"url:{key}") == told else told


def say(text: str) -> None:
    """Say something of what was chosen, above the page."""
    _above.get().warning(text)


def held_one(key: str) -> str:
    """Where the session holds what `one` picked."""
    return f"one:{key}"


def of_url(key: str) -> list[str]:
    """What the URL says of a filter, or, on a page just turned to, the one before it did."""
    if key in KEPT and st.session_state.get("url:arriving"):
        kept = st.session_state.get(f"kept:{key}", [])
        if kept:
            st.query_params[key] = kept
        return list(kept)
    return st.query_params.get_all(key)


def _tell(key: str, chosen: list[str], told: list[str]) -> None:
    if chosen != told:
        st.query_params[key] = chosen
    st.session_state[f"url:{key}"] = chosen
    if key in KEPT:
        st.session_state[f"kept:{key}"] = chosen


def _day(text: str, label: str) -> date | None:
    try:
        told = date.fromisoformat(text)
    except ValueError:
        told = None
    if told is None or not FIRST <= told <= LAST:
        say(
            _(
                "There is no day {text}: {what} is left out of the filter.",
                text=plain(text),
                what=_(label).lower(),
            )
        )
        return None
    return told
