"""Which user somebody is whom an OpenID Connect provider vouches for.

What the provider tells of somebody (an e-mail address, say) finds the user at the first sign-in,
which binds the user to that account of the provider. From then on the account alone counts: who is
given the address later is not taken for the user.
"""

import sqlite3
from dataclasses import dataclass

from pipelines.admin import credentials, sessions, words
from pipelines.admin.words import Wrong
from pipelines.errors import MainstemError
from pipelines.home import Home

ASK = "Ask who looks after this hub."
REFUSED = {
    "unknown": f"No user was added here for {{}}. {ASK}",
    "another account": f"The user added for {{}} has another account at the provider. {ASK}",
    "disabled": f"The user added for {{}} is disabled. {ASK}",
}


@dataclass(frozen=True)
class Vouched:
    """Whom a provider vouches for: its issuer, the subject there, and what it tells of them."""

    issuer: str
    subject: str
    identity: str
    folded: bool = False  # whether letters of either case are the same, as in e-mail addresses


def sign_in(home: Home, who: Vouched, address: str) -> str:
    """The token of a new session of the user that somebody is; MainstemError where none is."""
    with credentials.opened(home) as con:
        con.execute("begin immediate")
        name, reason = _user(con, who)
        if not reason:
            con.execute(
                "update user_identity set issuer = ?, subject = ? where name = ?",
                [who.issuer, who.subject, name],
            )
            return sessions.begin(con, name, address, f"as {who.identity}")
        sessions.write(con, name, address, "refused", f"{reason}: {who.identity}")
    raise MainstemError(REFUSED[reason].format(who.identity))


def _user(con: sqlite3.Connection, who: Vouched) -> tuple[str, str]:
    """The user's name, and why it is not let in; the reason is empty where it is."""
    query = "select name, disabled, subject from user join user_identity using (name) where "
    found = con.execute(f"{query} issuer = ? and subject = ?", [who.issuer, who.subject]).fetchone()
    if found is None:
        order = "nocase" if who.folded else "binary"
        found = con.execute(f"{query} identity = ? collate {order}", [who.identity]).fetchone()
        if found is None:
            return who.identity, "unknown"
        if found[2] is not None:
            return found[0], "another account"
    return found[0], "disabled" if found[1] else ""


def checked(identity: str) -> str:
    """What a provider is to tell of a user, without spaces around it; MainstemError if none."""
    try:
        return words.plain(identity, "what is told for --oidc")
    except Wrong as error:
        raise MainstemError(words.sentence(str(error))) from error


def keep(con: sqlite3.Connection, name: str, identity: str) -> None:
    """Let a user sign in as who the provider tells by this; by none where it is empty."""
    con.execute("delete from user_identity where name = ?", [name])
    if not identity:
        return
    try:
        con.execute("insert into user_identity (name, identity) values (?, ?)", [name, identity])
    except sqlite3.IntegrityError as error:
        raise MainstemError(
            f"Another user signs in as {identity}. See 'mainstem user list'."
        ) from error
