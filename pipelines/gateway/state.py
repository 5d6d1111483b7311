"""What the gateway remembers of each site, and every contact, in gateway.db."""

import json
import secrets
import sqlite3
import threading
from collections.abc import Iterable
from dataclasses import astuple, dataclass
from typing import Any

from pipelines.admin import credentials
from pipelines.contacts import DAYS
from pipelines.home import Home

LOGGED = ("GET patient",)


@dataclass
class Standing:
    """How one site stands; `beyond` are acknowledged numbers with a gap before them."""

    site: int
    uuid: str
    status: str
    acknowledged: int
    beyond: set[int]
    central: int
    pushed: int
    own: int


@dataclass(frozen=True)
class Contact:
    """One call of a site (None: unknown): when (ISO, UTC), what, how many records, how it ended."""

    site: int | None
    at: str
    what: str
    records: int
    seconds: float
    app_name: str
    app_version: str
    version: str
    address: str
    error: str


class State:
    """The one connection that the gateway has to gateway.db; safe to use from several threads."""

    def __init__(self, home: Home) -> None:
        with credentials.opened(home):
            pass  # made, and readable by its owner only
        self._con = sqlite3.connect(
            home.gateway, timeout=credentials.PATIENCE, check_same_thread=False
        )
        self._con.execute("pragma journal_mode = wal")
        self._con.execute("pragma synchronous = normal")
        self._lock = threading.Lock()

    def credentials(self, name: str) -> tuple[int, str, str | None] | None:
        """(site, hash, hardware id) of the site of this name."""
        query = "select site, password, hardware_id from site where name = ?"
        with self._lock:
            found = self._con.execute(query, [name]).fetchone()
        return (int(found[0]), str(found[1]), found[2]) if found else None

    def bind(self, site: int, hardware: str) -> str:
        """Bind a site to a device unless it is; the device that it is bound to."""
        with self._lock, self._con:
            self._con.execute(
                "update site set hardware_id = ? where site = ? and hardware_id is null",
                [hardware, site],
            )
            (bound,) = self._con.execute(
                "select hardware_id from site where site = ?", [site]
            ).fetchone()
        return str(bound)

    def standing(self, site: int) -> Standing:
        """How a site stands; made when it was never in contact."""
        query = (
            "select uuid, status, acknowledged, beyond, central, pushed, own from standing "
            "where site = ?"
        )
        with self._lock:
            row = self._con.execute(query, [site]).fetchone()
            if row is None:
                with self._con:
                    self._con.execute(
                        "insert or ignore into standing (site, uuid) values (?, ?)",
                        [site, secrets.token_hex(16).upper()],
                    )
                row = self._con.execute(query, [site]).fetchone()
        uuid, status, acknowledged, beyond, *others = row
        return Standing(site, uuid, status, acknowledged, set(json.loads(beyond)), *others)

    def change(self, site: int, **values: Any) -> None:
        """Change columns of a site's standing."""
        if "beyond" in values:
            values["beyond"] = json.dumps(sorted(values["beyond"]))
        told = ", ".join(f"{name} = ?" for name in values)
        with self._lock, self._con:
            self._con.execute(
                f"update standing set {told} where site = ?", [*values.values(), site]
            )

    def owner(self, digest: str, site: int) -> int:
        """The site that brought a file first: this one, if none did."""
        with self._lock, self._con:
            self._con.execute("insert or ignore into file values (?, ?)", [digest, site])
            (owner,) = self._con.execute(
                "select site from file where digest = ?", [digest]
            ).fetchone()
        return int(owner)

    def keep(self, contacts: Iterable[Contact]) -> None:
        """Keep contacts that matter; of every site that made one, when, and with what software."""
        told = list(contacts)
        latest = {one.site: one for one in told if one.site is not None and not one.error}
        with self._lock, self._con:
            self._con.executemany(
                "update standing set first_contact = coalesce(first_contact, ?2), "
                "last_contact = ?2, app_name = ?3, app_version = ?4, version = ?5 where site = ?1",
                [
                    (site, one.at, one.app_name, one.app_version, one.version)
                    for site, one in latest.items()
                ],
            )
            self._con.executemany(
                "insert into contact (site, at, what, records, seconds, app_name, app_version, "
                "version, address, error) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [astuple(one) for one in told if one.records or one.error or one.what in LOGGED],
            )
            if told:
                self._con.execute(
                    "delete from contact where at < strftime('%Y-%m-%d', ?, ?) "
                    "and id in (select id from contact order by id limit 1000)",
                    [told[-1].at, f"-{DAYS} days"],
                )

    def close(self) -> None:
        """Close the file."""
        self._con.close()
