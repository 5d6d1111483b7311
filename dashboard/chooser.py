"""Which language a page is drawn in, and the chooser of it below the page.

What the address or the chooser said last holds for the session and stands in every page's address,
so that a link shows what its sender saw. Else it is the browser's language, then the home's.
"""

import json

import streamlit as st
from babel import Locale

from dashboard import access, spoken
from dashboard.language import _
from pipelines.errors import MainstemError

KEY = "lang"  # in the address
CHOSEN, WIDGET = "language:chosen", "language:widget"  # in the session's state

# Told to the browser: for its own words, for Streamlit's numbers in tables and days in calendars.
# From right to left a table's first column is its rightmost one, and it begins there.
TOLD = """((tag, direction) => {
  document.documentElement.lang = tag.split("-u-")[0];
  document.documentElement.dir = direction;
  Object.defineProperty(navigator, "language", {get: () => tag, configurable: true});
  Object.defineProperty(navigator, "languages", {get: () => [tag], configurable: true});
  window.dispatchEvent(new Event("languagechange"));
  if (direction === "rtl" && !window.rightmost) {
    window.rightmost = new MutationObserver(() => {
      for (const table of document.querySelectorAll(".dvn-scroller:not([data-begun])")) {
        if (table.scrollWidth <= table.clientWidth) continue;
        table.dataset.begun = table.scrollLeft = table.scrollWidth;
      }
    });
    window.rightmost.observe(document.body, {childList: true, subtree: true});
  }
})"""


def begin() -> None:
    """Settle what is spoken, before anything is drawn."""
    state, told = st.session_state, st.query_params.get(KEY)
    if told is not None and told not in spoken.NAMES:
        del st.query_params[KEY]
    elif told:
        state[CHOSEN] = told
    chosen = state.get(CHOSEN)
    if chosen and told != chosen:
        st.query_params[KEY] = chosen
    tag = st.context.locale
    state[spoken.STATE] = spoken.locale_of(chosen or default(tag), tag)
    tell_browser(state[spoken.STATE])


def default(tag: str | None) -> str:
    """The language where none was chosen: the browser's, else the home's, else English."""
    if code := spoken.code_of(tag):
        return code
    try:
        home = access.home()
        return home.settings().language if home.toml.exists() else "en"
    except MainstemError:  # the commands say what is wrong with the settings
        return "en"


def tell_browser(locale: Locale) -> None:
    """Let the browser know what is spoken; figures are 0 to 9 in Arabic too."""
    tag = str(locale).replace("_", "-") + ("-u-nu-latn" if locale.language == "ar" else "")
    script = f"<script>{TOLD}({json.dumps(tag)}, {json.dumps(locale.text_direction)})</script>"
    with st.container(key="spoken"):
        st.html(script, unsafe_allow_javascript=True)


def draw() -> None:
    """Let the user choose a language."""
    st.session_state[WIDGET] = spoken.locale().language
    st.selectbox(
        _("Language"), list(spoken.NAMES), format_func=spoken.NAMES.__getitem__, key=WIDGET,
        on_change=_choose, label_visibility="collapsed", width=150,
    )  # fmt: skip


def _choose() -> None:
    st.session_state[CHOSEN] = st.query_params[KEY] = st.session_state[WIDGET]
