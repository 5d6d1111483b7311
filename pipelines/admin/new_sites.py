"""New sites, one or a CSV of them: a record in the central's feed, and credentials (rule V1)."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from pipelines import settings
from pipelines.admin import central, credentials, sites, stores, words
from pipelines.admin.central import Edit
from pipelines.admin.words import Wrong
from pipelines.errors import MainstemError
from pipelines.home import Home

KINDS = ("desktop", "mobile", "open_msupply")
TRANSFERS = ("central", "site")
COLUMNS = ("id", "name"), ("kind", "transfers", "password")


@dataclass(frozen=True)
class Site:
    """A site to be added; without a password one is made, the central has none."""

    number: int
    name: str
    kind: str = KINDS[0]
    transfers: str | None = None
    password: str | None = None


def add(home: Home, site: Site) -> str | None:
    """Add one site; the password that was made for it, if one was (rule V1)."""
    with central.editing(home) as edit:
        if wrong := _wrong(edit, [site])[0]:
            raise MainstemError(words.sentence("; ".join(wrong)))
        return _add(edit, [site])[site.number]


def add_all(home: Home, path: Path) -> list[dict[str, Any]]:
    """Add the sites of a CSV, all or none; their numbers, names and the passwords made for them."""
    with central.editing(home) as edit:
        new = words.taken(path, COLUMNS, _read, partial(_wrong, edit))
        passwords = _add(edit, new)
    return [
        {"site": site.number, "name": site.name, "password": passwords[site.number]} for site in new
    ]


def _read(row: dict[str, str]) -> tuple[Site, list[str]]:
    """A site from a row of a CSV, of number 0 where it has none, and what is wrong with it."""
    wrong: list[str] = []
    number, kind, transfers = 0, None, None
    with words.noted(wrong):
        number = words.number(row["id"], "id", settings.LAST_SITE)
    with words.noted(wrong):
        kind = words.choice(row.get("kind", ""), "kind", KINDS)
    with words.noted(wrong):
        transfers = words.choice(row.get("transfers", ""), "transfers", TRANSFERS)
    password = row.get("password") or None
    return Site(number, row["name"], kind or KINDS[0], transfers, password), wrong


def _wrong(edit: Edit, new: list[Site]) -> list[list[str]]:
    """All that is wrong with each of the sites to be added."""
    told = sites.known(edit)
    numbers = set(told)
    names = {site.name.casefold(): site.number for site in told.values()}
    active = stores.active(edit)
    found = []
    for site in new:
        wrong: list[str] = []
        name = site.name
        if site.number == edit.hub.settings.central:
            wrong.append(f"site {site.number} is the central, this hub")
        elif site.number in numbers:
            wrong.append(f"site {site.number} exists already")
        with words.noted(wrong):
            name = words.plain(site.name, "name", credentials.LONGEST)
            if ":" in name:
                raise Wrong(f"name {name!r} has a colon, which a site cannot sign in with")
            if (other := names.get(name.casefold())) is not None:
                raise Wrong(f"site {other} has the name {name!r} already")
        if site.kind == "mobile" and active.get(site.number, 0) > 1:
            wrong.append(f"site {site.number} has several stores, a mobile site has one")
        if site.password is not None and not site.password.strip():
            wrong.append("password is empty")
        if site.number and not wrong:
            numbers.add(site.number)
            names[name.casefold()] = site.number
        found.append(wrong)
    return found


def _add(edit: Edit, new: Iterable[Site]) -> dict[int, str | None]:
    """Keep the sites' credentials and put their records; the passwords made, by number."""
    made: dict[int, str | None] = {}
    kept = []
    for site in new:
        name = words.plain(site.name, "name")
        made[site.number] = None
        if site.number != edit.hub.settings.central:
            if site.password is None:
                made[site.number] = credentials.made()
            kept.append((site.number, name, site.password or made[site.number] or ""))
        record = {"ID": central.new_id(), "site_ID": site.number, "name": name}
        record |= {"code": str(site.number), "kind": site.kind, "disabled": False}
        record |= {"transfers": site.transfers} if site.transfers else {}
        edit.put("site", record)
    # First: a site without credentials cannot sync, credentials without a site open nothing.
    credentials.keep(edit.hub.home, kept)
    return made
