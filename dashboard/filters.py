"""Filters that live in the URL, so that a link shows what its sender saw."""

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

# A widget of Streamlit's that picks some of its options.
Widget = Callable[..., list[str]]


def choose(
    widget: Widget, label: str, key: str, options: Sequence[str], **looks: Any
) -> tuple[str, ...]:
    """Let the user pick some of `options`; the URL's `key` and the widget say the same.

    Whichever of the two changed last wins. What the URL names and nobody has is told and left out.
    """
    known = set(options)
    told = st.query_params.get_all(key)
    if key not in st.session_state or st.session_state.get(f"url:{key}") != told:
        st.session_state[key] = told
        for value in [value for value in told if value not in known]:
            st.warning(f"There is no {key} {value}: it is left out of the filter.")
    st.session_state[key] = [value for value in st.session_state[key] if value in known]
    chosen = widget(label, options, key=key, **looks)
    if chosen != told:
        st.query_params[key] = chosen
    st.session_state[f"url:{key}"] = chosen
    return tuple(chosen)


def find(label: str, key: str) -> str:
    """Let the user type what to look for; the URL's `key` and the field say the same."""
    told = st.query_params.get(key, "")
    if key not in st.session_state or st.session_state.get(f"url:{key}") != told:
        st.session_state[key] = told
    typed = st.text_input(label, key=key, icon=":material/search:")
    if typed:
        st.query_params[key] = typed
    elif told:
        del st.query_params[key]
    st.session_state[f"url:{key}"] = typed
    return typed.strip()
