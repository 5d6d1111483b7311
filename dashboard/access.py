"""Who looks at the dashboard, and what it may see: asked anew for every rerun and every download.

What is granted is part of the snapshot that pages read (`published.current`), so every query is
limited by it and everything cached is kept apart by it.
"""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

import streamlit as st

from dashboard import spoken
from dashboard.language import _, mark
from pipelines import settings
from pipelines.admin import sessions
from pipelines.admin.sessions import User
from pipelines.errors import MainstemError
from pipelines.home import Home
from warehouse.scope import EVERYTHING

COOKIE = "mainstem-session"
LOOPBACK = ("127.0.0.1", "::1", "localhost")
ENDED = mark("Your session has ended. Sign in again.")

Made = TypeVar("Made")
_user: ContextVar[User | None] = ContextVar("user", default=None)


def is_open() -> bool:
    """Whether everybody who looks has a role without signing in."""
    return bool(settings.signed_in_as())


def home() -> Home:
    """The home that is shown."""
    return Home(settings.home_path(None))


def of_token(token: str) -> User | None:
    """Whose session a token is now; None: nobody's."""
    if role := settings.signed_in_as():
        return User("guest", role, EVERYTHING)
    return sessions.user_of(home(), token) if token else None


def user() -> User:
    """Who looks; MainstemError when nobody may."""
    told = _user.get()
    if told is None:
        raise MainstemError(_(ENDED))
    return told


@contextmanager
def looking(token: str) -> Generator[User | None]:
    """Within it the user of a session looks, as it stands now; None where it has ended."""
    told = of_token(token)
    mark = _user.set(told)
    try:
        yield told
    finally:
        _user.reset(mark)


def token() -> str:
    """The session that the browser has."""
    return str(st.context.cookies.get(COOKIE, ""))


def address() -> str:
    """Where the browser is."""
    return st.context.ip_address or ""


def may(what: str) -> bool:
    """Whether who looks may `download`, have lines judged again (`retry`), or see `dagster`.

    Dagster's page asks nobody who he is, and shows everything.
    """
    roles = {"download": ("administrator", "supervisor")}
    return user().role in roles.get(what, ("administrator",))


def done(what: str, work: Callable[[], Made], detail: str = "") -> Callable[[], Made]:
    """Work for later, as whoever looks then by this session, noted in the trail.

    It may hold what the page shows: whoever may no longer see that does not get it.
    """
    held, where, seen, locale = token(), address(), user().scope, spoken.locale()

    def later() -> Made:
        with looking(held), spoken.speaking(locale):
            name = user().name
            if not may(what) or user().scope != seen:
                raise MainstemError(
                    _("What {name} may see or do has changed. Load the page again.", name=name)
                )
            sessions.note(home(), name, where, what, detail)
            return work()

    return later
