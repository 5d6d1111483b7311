"""Which language is spoken here: the locale in which a page, or a file of it, is drawn."""

from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar

import streamlit as st
from babel import Locale, UnknownLocaleError
from streamlit.runtime.scriptrunner import get_script_run_ctx

# By the code that the address and mainstem.toml have, each in its own words.
NAMES = {
    "en": "English",
    "fr": "Français",
    "pt": "Português",
    "es": "Español",
    "ar": "العربية",
}
# The locale of a language, where the browser's is of another one: that of its users in the field.
LOCALES = {"en": "en", "fr": "fr", "pt": "pt-PT", "es": "es", "ar": "ar"}
STATE = "spoken"  # in a session's state: the locale of the page that is drawn
_told: ContextVar[Locale | None] = ContextVar("spoken", default=None)


def locale() -> Locale:
    """What `speaking` says, else what the page is drawn in, else English."""
    told = _told.get()
    if told is None and get_script_run_ctx(suppress_warning=True):
        told = st.session_state.get(STATE)
    return told or Locale("en")


@contextmanager
def speaking(told: Locale) -> Generator[None]:
    """Within it that locale is spoken, whoever looks."""
    mark = _told.set(told)
    try:
        yield
    finally:
        _told.reset(mark)


def is_rtl() -> bool:
    """Whether what is spoken is written from right to left."""
    return locale().text_direction == "rtl"


def code_of(tag: str | None) -> str | None:
    """The language of a browser's tag such as fr-CI, if it is one of NAMES."""
    code = (tag or "").replace("_", "-").split("-")[0].lower()
    return code if code in NAMES else None


def locale_of(code: str, tag: str | None = None) -> Locale:
    """A language as it is spoken where the browser's tag says, if that is of the same language."""
    if tag and code_of(tag) == code:
        try:
            return Locale.parse(tag, sep="-")
        except (ValueError, UnknownLocaleError):
            pass
    return Locale.parse(LOCALES[code], sep="-")
