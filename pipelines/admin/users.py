"""Users of the dashboard: their role and what they are granted, in gateway.db."""

import sqlite3
from typing import Any

from pipelines.admin import credentials, identities, sessions, words
from pipelines.admin.credentials import LONGEST
from pipelines.admin.sessions import KINDS
from pipelines.admin.words import Wrong
from pipelines.errors import MainstemError
from pipelines.home import Home
from warehouse import report
from warehouse.filters import no_such
from warehouse.scope import EVERYTHING, Scope

SHORTEST = 8  # characters of a password
KNOWN = "select user.*, identity from user left join user_identity using (name)"


def add(
    home: Home,
    name: str,
    role: str | None,
    scope: Scope | None,
    password: str | None,
    identity: str | None = None,
) -> str | None:
    """Add a user, or change one whose name is known; the password that was made, if one was.

    What is None stays as it is; a new user is a viewer who sees everything. `identity` is by what
    an OpenID Connect provider tells who the user is; empty: by nothing any more. A password is made
    for who would have neither. A user who is changed is signed out, and stays disabled if it is.
    MainstemError for what nobody can be granted.
    """
    try:
        name = words.plain(name, "name", LONGEST)
    except Wrong as error:
        raise MainstemError(words.sentence(str(error))) from error
    if password is not None and not SHORTEST <= len(password) <= LONGEST:
        raise MainstemError(f"A password has {SHORTEST} to {LONGEST} characters. Take another.")
    known = _row(home, name)
    role = role or (str(known["role"]) if known else "viewer")
    if scope is None:
        scope = sessions.scope_of(home, known) if known else EVERYTHING
    if role == "administrator" and not scope.everything:
        raise MainstemError(
            "An administrator sees everything: leave out regions, districts and stores, or take "
            "--role supervisor."
        )
    _check(home, scope)
    identity = identities.checked(identity) if identity else identity
    hash_ = str(known["password"]) if known else ""
    vouched = bool(known and known["identity"]) if identity is None else identity != ""
    made = None if password or hash_ or vouched else credentials.made()
    if told := password or made:
        hash_ = credentials.hashed([told])[0]
    with credentials.opened(home) as con:
        con.execute(
            "insert into user (name, role, password, everything, added) values (?, ?, ?, ?, ?) "
            "on conflict (name) do update set role = excluded.role, "
            "password = excluded.password, everything = excluded.everything",
            [name, role, hash_, scope.everything, sessions.stamp()],
        )
        con.execute("delete from user_grant where name = ?", [name])
        con.execute("delete from user_session where name = ?", [name])
        if identity is not None:
            identities.keep(con, name, identity)
        _grant(con, name, scope)
        sessions.write(con, name, "", "added", f"{role} {identity or ''}".rstrip())
    return made


def grant(home: Home, name: str, scope: Scope) -> Scope:
    """Grant a user more; all that it is granted now."""
    known = _known(home, name)
    _check(home, scope)
    with credentials.opened(home) as con:
        if scope.everything:
            con.execute("update user set everything = 1 where name = ?", [name])
        elif known["everything"]:
            raise MainstemError(
                f"User {known['name']} is granted everything. To narrow that, 'mainstem user add' "
                "again with what it may see."
            )
        _grant(con, known["name"], scope)
        sessions.write(con, known["name"], "", "granted", words_of(scope))
    return sessions.scope_of(home, _known(home, name))


def set_disabled(home: Home, name: str, disabled: bool) -> None:
    """Let a user sign in no longer, which also ends its sessions, or again."""
    known = _known(home, name)
    with credentials.opened(home) as con:
        con.execute("update user set disabled = ? where name = ?", [disabled, name])
        con.execute("delete from user_session where name = ?", [name])
        sessions.write(con, known["name"], "", "disabled" if disabled else "enabled")


def listed(home: Home) -> list[dict[str, Any]]:
    """Every user: name, role, what it is granted, as whom a provider tells it, whether disabled."""
    return [
        {
            "user": row["name"],
            "role": row["role"],
            "granted": words_of(sessions.scope_of(home, row)),
            "oidc": row["identity"] or "",
            "state": "disabled" if row["disabled"] else "",
        }
        for row in sessions.rows(home, f"{KNOWN} order by name")
    ]


def words_of(scope: Scope) -> str:
    """What is granted, in words."""
    if scope.everything:
        return "everything"
    return ", ".join(f"{kind} {value}" for kind, value in scope.each()) or "nothing"


def _grant(con: sqlite3.Connection, name: str, scope: Scope) -> None:
    con.executemany(
        "insert or ignore into user_grant values (?, ?, ?)",
        [(name, kind, value) for kind, value in scope.each()],
    )


def _check(home: Home, scope: Scope) -> None:
    """What the published reports know nothing of cannot be granted."""
    told = list(scope.each())
    if not told:
        return
    with report.opened(home.reports) as con:
        for kind, value in told:
            query = f"""
                select count(*), count(distinct region) from marts.store where {KINDS[kind]} = ?
            """
            stores, regions = con.execute(query, [value]).fetchall()[0]
            if not stores or not value.strip():
                raise no_such(con, kind, value, "marts.store", KINDS[kind])
            if kind == "store" and stores > 1:
                raise MainstemError(
                    f"{stores} stores have the code {value}. Give them different ones."
                )
            if kind == "district" and regions > 1:
                raise MainstemError(
                    f"{value} is a district in {regions} regions. Grant its stores."
                )


def _row(home: Home, name: str) -> dict[str, Any] | None:
    found = sessions.rows(home, f"{KNOWN} where name = ?", name)
    return found[0] if found else None


def _known(home: Home, name: str) -> dict[str, Any]:
    known = _row(home, name)
    if known is None:
        raise MainstemError(f"There is no user {name}. 'mainstem user list' shows them.")
    return known
