"""What pages read of the hub itself: the lines in quarantine, one site, the cycles."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl
import streamlit as st

from dashboard.answers import SHOWN, Answer
from dashboard.published import Snapshot, current

NAMED = 20  # lines that a command names

# The lines that were refused, or wait, as `mainstem quarantine list` has them.
HELD = """
select
    id, site, segment, line, table_name as "table", record_id as record, reason,
    coalesce(detail, '') as detail, strftime(received_at, '%Y-%m-%dT%H:%M:%SZ') as received_at
from marts.quarantine
where (reason = 'deferred') = ?
"""
REASONS = """
select reason, count(*) as count
from marts.quarantine
where reason <> 'deferred'
group by reason order by count desc, reason
"""
SITES_HELD = "select distinct site from marts.quarantine where site is not null order by site"
SITE = """
select
    site, site_name, kind, disabled, is_central, queue_length, last_contact
from marts.site where site = ?
"""
CONTACTS = """
select called_at, what, records, seconds, error, app_name, app_version, version, address
from marts.contact where site = ? order by called_at desc
"""
# Of each site's contacts of late: what software it last said it is, how many went wrong.
CALLED = """
select
    site, arg_max(concat_ws(' ', app_name, app_version), called_at)
        filter (coalesce(app_version, '') <> '') as software,
    arg_max(version, called_at) filter (coalesce(version, '') <> '') as version,
    count(*) filter (error is not null) as errors,
    arg_max(error, called_at) filter (error is not null) as last_error
from marts.contact group by site
"""
HELD_OF_SITE = """
select reason, count(*) as count
from marts.quarantine where site = ?
group by reason order by count desc, reason
"""


# What sites are owed, all together, on each of the last 90 days: what was counted before stands as
# of the first, and what did not change since stands still.
QUEUES = """
with known as (
    select site, greatest(length.day, published.day - 89) as day,
        arg_max(length.length, length.day) as length
    from marts.queue_length as length, marts.published as published
    where site in (select unnest(?))
    group by all
),
changed as (
    select day, length - coalesce(lag(length) over (partition by site order by day), 0) as grown
    from known
),
total as (
    select day, (sum(sum(grown)) over (order by day))::bigint as units from changed group by day
)
select days.day::date as day, total.units
from (
    select unnest(generate_series((select min(day) from total), day, interval 1 day)) as day
    from marts.published
) as days
asof join total on total.day <= days.day
order by days.day
"""


@dataclass(frozen=True)
class Held:
    """Which lines in quarantine are looked at; an empty tuple is every reason or site."""

    waiting: bool = False
    reasons: tuple[str, ...] = ()
    sites: tuple[int, ...] = ()

    @property
    def query(self) -> tuple[str, list[Any]]:
        """The query of the lines, and its parameters."""
        return (
            HELD + _among("reason", self.reasons) + _among("site", self.sites),
            [self.waiting, *self.reasons, *self.sites],
        )


def _among(column: str, values: Sequence[object]) -> str:
    return f"and {column} in ({', '.join('?' * len(values))})\n" if values else ""


def held(chosen: Held) -> Answer:
    """The lines, oldest first: the first of them and how many there are."""
    query, told = chosen.query
    count = _ask(current(), f"select count(*) as count from ({query})", told)["count"][0]
    return Answer(_ask(current(), f"{query} order by id limit {SHOWN}", told), count)


def held_rows(chosen: Held) -> pl.DataFrame:
    """Every one of the lines: what a download holds."""
    query, told = chosen.query
    return _read(current(), f"{query} order by id", told)


def reasons() -> dict[str, int]:
    """How many lines were refused, by reason; the most first."""
    return dict(_ask(current(), REASONS, []).iter_rows())


def sites_held() -> list[int]:
    """The numbers of the sites that have lines in quarantine, or that wait."""
    return _ask(current(), SITES_HELD, [])["site"].to_list()


def site(number: int) -> dict[str, Any]:
    """A site as it is registered, and its last contact."""
    return _ask(current(), SITE, [number]).row(0, named=True)


def contacts(number: int) -> pl.DataFrame:
    """The site's last contacts over HTTP, the newest first."""
    return _ask(current(), CONTACTS, [number])


def queues(sites: list[int]) -> pl.DataFrame:
    """How many records sites were owed, all together (day, units), by day of the last 90."""
    return _ask(current(), QUEUES, [sites])


def called() -> pl.DataFrame:
    """A row per site that called over HTTP of late: its software, and what went wrong."""
    return _ask(current(), CALLED, [])


def software(contacts: pl.DataFrame) -> list[str]:
    """The software that a site's contacts tell of, the newest first."""
    told = contacts.filter(pl.col("app_version").is_not_null() & (pl.col("app_version") != ""))
    names = told.select(pl.concat_str("app_name", "app_version", separator=" ", ignore_nulls=True))
    return names.to_series().unique(maintain_order=True).to_list()


def held_of_site(number: int) -> dict[str, int]:
    """How many lines of a site are held, by reason; those that wait are `deferred`."""
    return dict(_ask(current(), HELD_OF_SITE, [number]).iter_rows())


def cycles(most: int = SHOWN) -> pl.DataFrame:
    """The last cycles, the newest first, and what each counted."""
    return _ask(current(), "from marts.cycle order by cycle desc limit ?", [most])


@st.cache_resource(show_spinner=False, max_entries=32)
def _ask(snapshot: Snapshot, query: str, told: list[Any]) -> pl.DataFrame:
    return _read(snapshot, query, told)


def _read(snapshot: Snapshot, query: str, told: list[Any]) -> pl.DataFrame:
    with snapshot.opened() as con:
        return con.execute(query, told).pl()
