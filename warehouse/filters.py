"""What a report is narrowed to: the variables and views through which its query reads."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb

from pipelines import settings
from pipelines.errors import MainstemError

HERE = Path(__file__).parent
WITHIN = 180  # days
FIRST, LAST = date(1, 1, 1), date(9999, 12, 31)

# What stood in each stock line on a past day, from the ledger: every movement up to it, at the
# stock line's cost price. Without keys.
LINE_AS_OF = """
select
    coalesce(movement.stock_line_id, movement.movement_id) as stock_line_id,
    movement.store_id, movement.item_id, arg_max(movement.batch, movement.day) as batch,
    arg_max(movement.expiry_date, movement.day) as expiry_date,
    any_value(known.location_id) as location_id, movement.pack_size,
    sum(movement.packs) as packs, sum(movement.packs) as available_packs,
    coalesce(any_value(known.cost_price), arg_max(movement.cost_price, movement.day)) as cost_price
from marts.movement as movement
left join marts.stock_line as known
    on known.stock_line_id = movement.stock_line_id and known.pack_size = movement.pack_size
where movement.day <= getvariable('as_of')
group by all
"""

# What the hub had been told of each stock line by the end of a past day. Without keys.
LINE_KNOWN_ON = """
select stock_line_id, store_id, item_id, batch, expiry_date, location_id, pack_size, packs,
    available_packs, cost_price
from (
    from marts.stock_line_version
    where known_on <= getvariable('known_on')
    qualify row_number() over (partition by stock_line_id order by known_on desc) = 1
)
where not deleted
"""

# Stock and use of a store and item as they are kept for the day of the last cycle; `use`, a row per
# store and item with use in the 91 days up to the report's day: units used, and average monthly
# consumption.
HELD_TODAY = """
create or replace temp view held as from marts.held;
create or replace temp view held_status as from marts.held_status;
create or replace temp view use as
select store.store_id, item.item_id, held.used as quantity, held.used / 3 as amc
from marts.held as held
join marts.store as store using (store_key)
join marts.item as item using (item_key)
where held.used > 0
"""
# The same for any other day, worked out by the query that keeps them.
HELD_THEN = f"""
create or replace temp view use as
select store_id, item_id, sum(issued) as quantity, sum(issued) / 3 as amc
from marts.ledger
where day > getvariable('day') - 91 and day <= getvariable('day')
group by all;
create or replace temp view held_line as from stock_line;
create or replace temp view held_use as
select store.store_key, item.item_key, use.quantity from use
join marts.store as store using (store_id) join marts.item as item using (item_id);
create or replace temp view held as
{(HERE / "marts" / "held.sql").read_text(encoding="utf-8")};
create or replace temp view held_known as from held semi join marts.item using (item_key);
create or replace temp view held_status as
{(HERE / "marts" / "held_status.sql").read_text(encoding="utf-8")}
"""

# What is most like a text, best first: what contains it, then what is spelt alike.
NEAR = """
select name from (select distinct {column}::varchar as name from {table} where {column} is not null)
order by contains(lower(name), lower($1)) desc,
    jaro_winkler_similarity(lower(name), lower($1)) desc, name
limit 3
"""

# What reports, pages, cards and alerts have in common. Names by code, one where several have it.
# Whole days since a moment (None: never), and what a site's last contact comes to (rule Y2).
# Whether a transfer of an outcome has another half, or will; whether it needs one. Whether one that
# is not received is on its way, or alone; whether it began longer ago than a site may be silent.
SHARED = """
create or replace temp view named_store as
select store_code, any_value(store_name) as store_name from marts.store group by store_code;
create or replace temp view named_item as
select item_code, any_value(item_name) as item_name from marts.item group by item_code;
create or replace temp macro days_since(moment) as
    datediff('second', moment, getvariable('now')) // 86400;
create or replace temp macro contact_status(last_contact) as case
    when last_contact is null then 'never'
    when days_since(last_contact) > getvariable('lag_alert_days') then 'alert'
    when days_since(last_contact) > getvariable('lag_warning_days') then 'late'
    else 'ok'
end;
create or replace temp macro has_half(outcome) as
    outcome in ('created', 'late_line', 'site_makes');
create or replace temp macro needs_half(outcome) as
    outcome not in ('same_store', 'same_site', 'cancelled', 'withdrawn', 'deleted');
create or replace temp macro is_coming(received, outcome) as
    received is null and has_half(outcome);
create or replace temp macro is_alone(received, outcome) as
    received is null and not has_half(outcome) and needs_half(outcome);
create or replace temp macro is_old(initiated) as
    initiated < getvariable('day') - getvariable('lag_alert_days')
"""


@dataclass(frozen=True)
class Filters:
    """What a report is narrowed to; an empty tuple or None is everything there is.

    Stores and items by code, sites by number, the rest by name; a level is a store's kind of
    facility, as its name's custom_data has it. `as_of` takes stock from the ledger
    at the end of that day and makes it the report's day; `known_on` takes it from
    what the hub had received by the end of that day. `within` is a number of days ahead.
    """

    stores: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    districts: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    programmes: tuple[str, ...] = ()
    sites: tuple[int, ...] = ()
    start: date | None = None
    end: date | None = None
    as_of: date | None = None
    known_on: date | None = None
    within: int | None = None
    now: datetime = field(default_factory=settings.now)

    def values(self) -> dict[str, Any]:
        """What is told, by the option that stands for it."""
        values = {
            "--store": self.stores or None,
            "--item": self.items or None,
            "--region": self.regions or None,
            "--district": self.districts or None,
            "--level": self.levels or None,
            "--category": self.categories or None,
            "--programme": self.programmes or None,
            "--site": self.sites or None,
            "--from": self.start,
            "--to": self.end,
            "--as-of": self.as_of,
            "--known-on": self.known_on,
            "--within": self.within,
        }
        return {option: value for option, value in values.items() if value is not None}


def put(con: duckdb.DuckDBPyConnection, filters: Filters) -> None:
    """Set the variables, make the views of what filters leave and of the report's day.

    They are `store`, `item`, `site`, and `stock_line`, `held`, `held_status`, `use`.
    MainstemError for a value that nothing has, or days that contradict each other.
    """
    is_kept = _set_variables(con, filters)
    _check(con, filters)
    _show(con, filters, HELD_TODAY if is_kept else HELD_THEN)


def _set_variables(con: duckdb.DuckDBPyConnection, filters: Filters) -> bool:
    """Set them; whether stock and use are kept for the report's day."""
    row = con.execute(
        "select timezone, lag_warning_days, lag_alert_days, day from marts.published"
    ).fetchone()
    timezone, warning, alert, kept = row or ("UTC", 3, 30, None)
    now = filters.now.astimezone(UTC)
    today = now.astimezone(ZoneInfo(timezone)).date()
    days = {
        "day": filters.as_of or filters.known_on or today,
        "as_of": filters.as_of or filters.known_on or LAST,
        "known_on": filters.known_on or LAST,
        "from": filters.start or FIRST,
        "to": filters.end or LAST,
    }
    for name, day in days.items():
        con.execute(f"set variable \"{name}\" = date '{day.isoformat()}'")
    within = WITHIN if filters.within is None else filters.within
    con.execute(f"set variable now = timestamp '{now.replace(tzinfo=None).isoformat()}'")
    con.execute(f"set variable within = {int(within)}")
    con.execute(f"set variable lag_warning_days = {int(warning)}")
    con.execute(f"set variable lag_alert_days = {int(alert)}")
    return not (filters.as_of or filters.known_on) and kept == days["day"]


def _check(con: duckdb.DuckDBPyConnection, filters: Filters) -> None:
    """A filter value that nothing has is an error, not an empty report."""
    told = {
        ("store", "marts.store", "store_code"): filters.stores,
        ("item", "marts.item", "item_code"): filters.items,
        ("region", "marts.store", "region"): filters.regions,
        ("district", "marts.store", "district"): filters.districts,
        ("level", "marts.store", "level"): filters.levels,
        ("category", "marts.item", "category"): filters.categories,
        ("programme", "marts.programme", "programme"): filters.programmes,
        ("site", "marts.site", "site"): filters.sites,
    }
    for (word, table, column), values in told.items():
        for value in values:
            if not con.execute(f"from {table} where {column} = ? limit 1", [value]).fetchone():
                raise no_such(con, word, value, table, column)
    if filters.start and filters.end and filters.start > filters.end:
        raise MainstemError(f"--from {filters.start} is after --to {filters.end}. Swap them.")
    if filters.as_of and filters.known_on:
        raise MainstemError("--as-of and --known-on are two ways to look back. Choose one.")


def no_such(
    con: duckdb.DuckDBPyConnection, word: str, value: str | int, table: str, column: str
) -> MainstemError:
    """The error for a value that nothing has, with those that are most like it."""
    near = con.execute(NEAR.format(table=table, column=column), [str(value)]).fetchall()
    if not near:
        return MainstemError(f"There is no {word} {value}, nor any other.")
    meant = ", ".join(name for (name,) in near)
    return MainstemError(f"There is no {word} {value}. What is most like it: {meant}.")


def _show(con: duckdb.DuckDBPyConnection, filters: Filters, held: str) -> None:
    stores = [
        *_among("store_code", filters.stores),
        *_among("region", filters.regions),
        *_among("district", filters.districts),
        *_among("level", filters.levels),
    ]
    sites = _among("site", filters.sites)
    _view(con, "store", [*stores, *sites])
    items = [*_among("item_code", filters.items), *_among("category", filters.categories)]
    if in_programme := _among("programme", filters.programmes):
        items += [f"item_id in (select item_id from marts.programme where {in_programme[0]})"]
    _view(con, "item", items)
    # A site is shown with its stores.
    _view(con, "site", [*sites, *(["site in (select site from store)"] if stores else [])])
    lines = "from marts.stock_line"
    if filters.as_of or filters.known_on:
        lines = f"""
        select line.*, store.store_key, item.item_key
        from ({LINE_AS_OF if filters.as_of else LINE_KNOWN_ON}) as line
        join marts.store as store using (store_id) join marts.item as item using (item_id)
        """
    con.execute(f"create or replace temp view stock_line as {lines}")
    con.execute(held)
    con.execute(SHARED)


def _among(column: str, values: tuple[str, ...] | tuple[int, ...]) -> list[str]:
    told = ", ".join(literal(value) for value in values)
    return [f"{column} in ({told})"] if values else []


def _view(con: duckdb.DuckDBPyConnection, table: str, conditions: list[str]) -> None:
    where = f" where {' and '.join(conditions)}" if conditions else ""
    con.execute(f"create or replace temp view {table} as from marts.{table}{where}")


def literal(value: str | int) -> str:
    """A value as SQL writes it."""
    return str(value) if isinstance(value, int) else "'" + value.replace("'", "''") + "'"
