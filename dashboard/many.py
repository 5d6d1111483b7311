"""Choosing among named things; of a long list the first are offered, the others found by typing.

Forty thousand stores in a list are megabytes that every page sends and every session keeps.
"""

from itertools import chain, islice
from typing import Any

import streamlit as st

from dashboard import filters, written
from dashboard.language import _, mark

LISTED = 1_000  # things that a list offers
HINT = mark("The first are listed. For another type its code or a part of its name, then Enter.")


def several(label: str, key: str, names: dict[str, str], every: str) -> tuple[str, ...]:
    """Let the user pick some things; `names` has them by code, `every` says what none means."""
    return filters.choose(
        st.multiselect, label, key, _offered(label, key, key, names),
        format_func=lambda code: names.get(code, code), placeholder=_(every), **_looks(names),
    )  # fmt: skip


def single(label: str, key: str, names: dict[str, str], ask: str) -> str:
    """Let the user pick one thing; nothing (`ask` says so) is the first."""
    return filters.one(
        st.selectbox, label, key, ["", *_offered(label, key, filters.held_one(key), names)],
        format_func=lambda code: names.get(code, code) if code else _(ask), **_looks(names),
    )  # fmt: skip


def _looks(names: dict[str, str]) -> dict[str, Any]:
    """How a long list is drawn: what it does not hold must not be taken for something like it."""
    if len(names) <= LISTED:
        return {}
    return {"accept_new_options": True, "filter_mode": "contains", "help": _(HINT)}


def _offered(label: str, key: str, held: str, names: dict[str, str]) -> list[str]:
    """What a list offers: everything; of a long one what is chosen, what was found, the first."""
    if len(names) <= LISTED:
        return list(names)
    chosen = _settled(label, key, held, names)
    found = st.session_state.get(f"found:{key}", [])
    told = (code for code in chain(chosen, filters.of_url(key), found) if code in names)
    return list(dict.fromkeys(chain(told, islice(names, LISTED))))


def _settled(label: str, key: str, held: str, names: dict[str, str]) -> list[str]:
    """What the widget holds, with what was typed replaced by what it means."""
    state = st.session_state
    value = state.get(held) or []
    holds = value if isinstance(value, list) else [value]
    before = state.get(f"url:{key}") or []
    typed = [text for text in holds if text not in names and text not in before]
    if not typed:
        return holds
    chosen = [text for text in holds if text not in typed]
    for text in typed:
        chosen += _meant(label, key, text, names)
    if isinstance(value, list):
        state[held] = chosen = list(dict.fromkeys(chosen))
    else:
        chosen = chosen or list(before)
        state[held] = chosen[0] if chosen else ""
    return chosen


def _meant(label: str, key: str, text: str, names: dict[str, str]) -> list[str]:
    """The one thing that a text means; of several, they are offered first from now on."""
    wanted = text.strip().casefold()
    found = [code for code in names if code.casefold() == wanted] or [
        code for code, name in names.items() if wanted in name.casefold()
    ]
    if len(found) == 1:
        return found
    shown = filters.plain(text)
    if found:
        st.session_state[f"found:{key}"] = found[:LISTED]
        filters.say(
            _(
                "Several have {text} in their names ({count}): they stand first in the list.",
                text=shown,
                count=written.number(len(found)),
            )
        )
    else:
        filters.say(_("There is no {what} {value}.", what=_(label).lower(), value=shown))
    return []
