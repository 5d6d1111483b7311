"""Users of sites: who may sign in there, at which stores, and what they may do (protocol v5, 8).

The `user` record, which goes to every site, is an edit of the central's; the hash of the password,
stores and permissions stand in gateway.db, since only a sign-in at the hub brings them to a site.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pipelines.admin import central, credentials, stores, words
from pipelines.admin.central import Edit
from pipelines.admin.rows import rows as by_column
from pipelines.admin.words import Wrong
from pipelines.errors import MainstemError
from pipelines.home import Home

LAST = 203  # the highest permission number that clients know
# What a user may not do unless told: administer the server, edit central data.
SPECIAL = (157, 202)
USUAL = tuple(number for number in range(1, LAST + 1) if number not in SPECIAL)


@dataclass(frozen=True)
class User:
    """A user to be added: the codes of its stores, the numbers of its permissions."""

    name: str
    stores: Sequence[str]
    permissions: Sequence[int] = USUAL
    first_name: str = ""
    last_name: str = ""
    email: str = ""


def add(home: Home, user: User, password: str | None) -> str | None:
    """Add a user, or change one whose name is known; the password that was made, if one was."""
    try:
        name = words.plain(user.name, "name", credentials.LONGEST)
    except Wrong as error:
        raise MainstemError(words.sentence(str(error))) from error
    if password is not None and len(password) > credentials.LONGEST:
        raise MainstemError(f"A password has up to {credentials.LONGEST} characters. Take another.")
    with central.editing(home) as edit:
        found = [stores.find(edit, code).record_id for code in dict.fromkeys(user.stores)]
        known = _row(home, name)
        record = _record(edit, name, known) | {"active": True}
        given = {"first_name": user.first_name, "last_name": user.last_name, "e_mail": user.email}
        record |= {key: text for key, text in given.items() if text}
        edit.put("user", record)
        made = credentials.made() if password is None and not known else None
        told = password or made
        hash_ = credentials.hashed([told])[0] if told else str(known and known["password"])
        permissions = json.dumps(sorted(set(user.permissions)))
        row = [name, record["ID"], hash_, json.dumps(found), permissions, False]
        row += [record["first_name"], record["last_name"], record["e_mail"]]
        with credentials.opened(home) as con:
            con.execute("insert or replace into site_user values (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
    return made


def listed(home: Home) -> list[dict[str, Any]]:
    """Every user of sites: name, how many stores and permissions, and whether it is disabled."""
    return [
        {
            "user": row["name"],
            "first_name": row["first_name"],
            "last_name": row["last_name"],
            "stores": len(json.loads(row["stores"])),
            "permissions": len(json.loads(row["permissions"])),
            "state": "disabled" if row["disabled"] else "",
        }
        for row in rows(home)
    ]


def set_disabled(home: Home, name: str, disabled: bool) -> None:
    """Let a user sign in no longer, or again; what a site remembers of it is told by the record."""
    known = _row(home, name)
    if known is None:
        raise MainstemError(f"There is no user {name}. 'mainstem site-user list' shows them.")
    with central.editing(home) as edit:
        edit.put("user", _record(edit, known["name"], known) | {"active": not disabled})
        with credentials.opened(home) as con:
            con.execute("update site_user set disabled = ? where name = ?", [disabled, name])


def rows(home: Home, name: str | None = None) -> list[dict[str, Any]]:
    """The rows of users, or of one, whose name may be in other letter cases."""
    if not home.gateway.exists():
        return []
    with credentials.opened(home) as con:
        query = "select * from site_user where ?1 is null or name = ?1 order by name"
        return by_column(con, query, name)


def _record(edit: Edit, name: str, user: dict[str, Any] | None) -> dict[str, Any]:
    """The `user` record of a name, new if no site has one, with every key that sites require.

    `user` is its row, which may be of an edit that still waits.
    """
    empty = dict.fromkeys(("first_name", "last_name", "e_mail", "phone1", "job_title"), "")
    found = edit.rows(
        """
        select record.record_id, change.data
        from collector.record as record join landing.change as change
            on change.cursor = record.version
        where record.table_name = 'user' and not record.deleted
            and lower(json_extract_string(change.data, '$.name')) = lower($1)
        order by 1
        """,
        name,
    )
    known = json.loads(found[0][1]) if found else {}
    if not found and user is not None:
        known = {"ID": user["user_id"], "e_mail": user["email"]}
        known |= {key: user[key] for key in ("first_name", "last_name")}
    told = {key: value for key, value in known.items() if value is not None}
    return {"ID": central.new_id(), "name": name, "Language": 0, **empty, **told}


def _row(home: Home, name: str) -> dict[str, Any] | None:
    return next(iter(rows(home, name)), None)
