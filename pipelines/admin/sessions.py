"""Who is signed in at the dashboard, as what, and the trail of what was done.

Of a session gateway.db has the sha256 of the token that the browser holds. A user's role and what
it is granted are looked up whenever they matter, so what an administrator changes holds at once.
"""

import hashlib
import secrets
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any

from pipelines import settings
from pipelines.admin import credentials
from pipelines.admin.rows import rows as by_column
from pipelines.home import Home
from warehouse.scope import EVERYTHING, Scope

HOURS = 12  # that a session lasts
# What is granted, and the column of marts.store that has it.
KINDS = {"region": "region", "district": "district", "store": "store_code"}


@dataclass(frozen=True)
class User:
    """Who is signed in: administrator, supervisor or viewer, and what it may see."""

    name: str
    role: str
    scope: Scope


def sign_in(home: Home, name: str, password: str, address: str) -> str | None:
    """The token of a new session; None where name and password are nobody's, or one disabled."""
    found = rows(home, "select * from user where name = ?", name)
    hash_ = found[0]["password"] if found else ""  # empty: of who signs in otherwise
    proved = credentials.verified(hash_ or _nobody(), credentials.sent(password))
    with credentials.opened(home) as con:
        if not (found and proved) or found[0]["disabled"]:
            reason = (
                "disabled" if found and proved else "wrong password" if hash_ else "no password"
            )
            write(con, name, address, "refused", reason if found else "unknown")
            return None
        return begin(con, found[0]["name"], address)


def begin(con: sqlite3.Connection, name: str, address: str, detail: str = "") -> str:
    """Begin a session of a user in a transaction that is open; its token."""
    token = secrets.token_urlsafe(32)
    con.execute("delete from user_session where ends < ?", [stamp()])
    con.execute("insert into user_session values (?, ?, ?)", [_digest(token), name, stamp(HOURS)])
    write(con, name, address, "signed in", detail)
    return token


def sign_out(home: Home, token: str, address: str) -> None:
    """End a session, if it has not ended."""
    user = user_of(home, token)
    if user is not None:
        with credentials.opened(home) as con:
            con.execute("delete from user_session where token = ?", [_digest(token)])
            write(con, user.name, address, "signed out")


def user_of(home: Home, token: str) -> User | None:
    """Whose session a token is, as the user stands now; None where it has ended."""
    found = rows(
        home,
        "select user.* from user join user_session as session using (name) "
        "where session.token = ? and session.ends > ? and not user.disabled",
        _digest(token),
        stamp(),
    )
    return User(found[0]["name"], found[0]["role"], scope_of(home, found[0])) if found else None


def scope_of(home: Home, user: dict[str, Any]) -> Scope:
    """What a user's row and its grants let it see."""
    if user["everything"]:
        return EVERYTHING
    told = rows(home, "select kind, value from user_grant where name = ? order by 2", user["name"])
    regions, districts, stores = (
        tuple(row["value"] for row in told if row["kind"] == kind) for kind in KINDS
    )
    return Scope(regions=regions, districts=districts, stores=stores)


def note(home: Home, name: str, address: str, what: str, detail: str = "") -> None:
    """Add to the trail."""
    with credentials.opened(home) as con:
        write(con, name, address, what, detail)


def write(con: sqlite3.Connection, name: str, address: str, what: str, detail: str = "") -> None:
    """Add to the trail in a transaction that is open."""
    con.execute(
        "insert into user_trail (at, name, address, what, detail) values (?, ?, ?, ?, ?)",
        [stamp(), name, address, what, detail],
    )


def trail(home: Home, name: str | None = None, most: int = 100) -> list[dict[str, Any]]:
    """What was done, the newest first."""
    return rows(
        home,
        "select at, name as user, address, what, detail from user_trail "
        "where ?1 is null or name = ?1 collate nocase order by id desc limit ?2",
        name,
        most,
    )


def rows(home: Home, query: str, *told: object) -> list[dict[str, Any]]:
    """What a query of gateway.db tells; nothing where no user was ever added."""
    if not home.gateway.exists():
        return []
    uri = f"{home.gateway.absolute().as_uri()}?mode=ro"
    with closing(sqlite3.connect(uri, uri=True, timeout=credentials.PATIENCE)) as con:
        if not con.execute("select 1 from sqlite_schema where name = 'user_identity'").fetchone():
            with credentials.opened(home):
                pass  # made by a version before 2026-11-26
        return by_column(con, query, *told)


def stamp(hours: int = 0) -> str:
    """The time (UTC), or what it will be in so many hours."""
    return (settings.now() + timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ")


@cache
def _nobody() -> str:
    """What is verified for who has no password, which takes as long: the hash of none there is."""
    return credentials.hashed([secrets.token_hex()])[0]


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
