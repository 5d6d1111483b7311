"""Sites' credentials in gateway.db: an argon2 hash of what the protocol sends, never a password."""

import hashlib
import os
import secrets
import sqlite3
from collections.abc import Generator, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager

from pipelines import registry
from pipelines.errors import MainstemError
from pipelines.home import Home

SCHEMA = registry.FOLDER.parent / "schema" / "gateway" / "gateway.sql"
PATIENCE = 10.0  # seconds that a writer waits for another one
LONGEST = 200  # characters of a name that signs in, and of a password that is sent as it is
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that looks like another


@contextmanager
def opened(home: Home) -> Generator[sqlite3.Connection]:
    """Open gateway.db, made when it is not there, readable by its owner only; one transaction."""
    try:
        # Made before SQLite does, whose own files take their mode from it.
        os.close(os.open(home.gateway, os.O_CREAT | os.O_RDWR, 0o600))
        with closing(sqlite3.connect(home.gateway, timeout=PATIENCE)) as con:
            con.executescript(SCHEMA.read_text(encoding="utf-8"))
            if not con.execute(
                "select 1 from pragma_table_info('standing') where name = 'own'"
            ).fetchone():  # made by a version before 2026-11-26
                con.execute("alter table standing add column own integer not null default 0")
            with con:
                yield con
    except sqlite3.Error as error:
        raise MainstemError(
            f"{home.gateway} cannot be used: {error}. If it is damaged, restore it from a backup."
        ) from error


def made() -> str:
    """A password of 99 random bits that can be read out and typed into a device."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(5)) for _ in range(4))


def hashed(passwords: Iterable[str]) -> list[str]:
    """The argon2id hashes of what sites send: the lower-case hex sha256 of each password.

    19 MiB and two passes each, what OWASP advises for a server that checks many.
    """
    from argon2 import PasswordHasher

    hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        return list(threads.map(hasher.hash, map(sent, passwords)))


def verified(hash_: str, sent_: str) -> bool:
    """Whether a hash is of what was sent."""
    from argon2 import PasswordHasher
    from argon2.exceptions import InvalidHashError, VerificationError

    try:
        return PasswordHasher().verify(hash_, sent_)
    except (VerificationError, InvalidHashError):
        return False


def sent(password: str) -> str:
    """What a site sends for its password (protocol v5)."""
    return hashlib.sha256(password.encode()).hexdigest()


def keep(home: Home, sites: Iterable[tuple[int, str, str]]) -> None:
    """Keep (site, name, password) of sites, new or with a new password; devices stay bound."""
    told = list(sites)
    hashes = hashed(password for _, _, password in told)
    rows = [(site, name, hash_) for (site, name, _), hash_ in zip(told, hashes, strict=True)]
    with opened(home) as con:
        # A name that was given away again is the new site's.
        con.executemany("delete from site where name = ?2 and site <> ?1", [r[:2] for r in rows])
        con.executemany(
            "insert into site (site, name, password) values (?, ?, ?) "
            "on conflict (site) do update set name = excluded.name, password = excluded.password",
            rows,
        )


def remove(home: Home, site: int) -> None:
    """Forget a site's credentials and device."""
    if home.gateway.exists():
        with opened(home) as con:
            con.execute("delete from site where site = ?", [site])


def devices(home: Home) -> dict[int, str | None]:
    """The hardware id of every site that has credentials; None until a device has synced."""
    if not home.gateway.exists():
        return {}
    with opened(home) as con:
        return dict(con.execute("select site, hardware_id from site").fetchall())


def reset_device(home: Home, site: int) -> str | None:
    """Let a site sync from another device; the one that it was bound to, None if none was."""
    bound = devices(home).get(site)
    if bound is not None:
        with opened(home) as con:
            con.execute("update site set hardware_id = null where site = ?", [site])
    return bound
