"""What of the country a reader may see, enforced where every query is: in the tables themselves.

For a reader with limits the published file stands aside, and the tables that queries name
(`marts.…`) are views of it that hold what concerns the stores granted. A table that is not told of
here has no rows for such a reader. Of a transfer or an order between two stores either side sees
the whole, but not who the other one is.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import duckdb

GRANTED = """
create temp table granted as
select store_id, store_key, site from published.marts.store
where region in (select unnest($regions)) or district in (select unnest($districts))
    or store_code in (select unnest($stores));
"""
# Sites with a store granted; those of which every store is; orders' papers and what answers them.
SEEN = """
create temp table granted_site as select distinct site from granted;
create temp table whole_site as
from granted_site
where site not in (
    select site from published.marts.store
    where site is not null and store_id not in (select store_id from granted)
);
create temp table granted_paper as
with recursive paper as (
    select paper_id from published.marts.order_paper
    where store_id in (select store_id from granted)
    union
    select answer.paper_id
    from published.marts.order_paper as answer join paper on answer.answers = paper.paper_id
)
from paper;
create schema memory.marts
"""

OF_STORE = "store_id in (select store_id from granted)"
OPEN = "true"
# By table: which of its rows are seen.
SHOWN = {
    "store": OF_STORE,
    "store_copy": OF_STORE,
    "stock_line": OF_STORE,
    "stock_line_version": OF_STORE,
    "stock_out": OF_STORE,
    "held": "store_key in (select store_key from granted)",
    "held_status": "store_key in (select store_key from granted)",
    "ledger": OF_STORE,
    "movement": f"{OF_STORE} or transaction_id in (from granted_paper)",
    "order_paper": "paper_id in (from granted_paper)",
    "order_line": "paper_id in (from granted_paper)",
    "supplier": f"store_id is null or {OF_STORE}",
    "transfer": """from_store in (select store_id from granted)
        or to_store in (select store_id from granted)""",
    "location": f"""location_id in (
        select location_id from published.marts.stock_line_version where {OF_STORE}
    )""",
    "site": "site in (from granted_site)",
    "queue": "site in (from granted_site)",
    "queue_length": "site in (from granted_site)",
    "contact": "site in (from granted_site)",
    "quarantine": "site in (from granted_site)",
    "published": OPEN,
    "item": OPEN,
    "programme": OPEN,
    "cycle": OPEN,
}
# Lines held of a site count for all of its stores; what they say may be of any one of them.
REPLACED = {
    "quarantine": ", ".join(
        f"case when site in (from whole_site) then {column} end as {column}"
        for column in ("segment", "line", "record_id", "detail")
    )
}


@dataclass(frozen=True)
class Scope:
    """What is granted: everything, or the stores of regions and districts and those of codes."""

    everything: bool = False
    regions: tuple[str, ...] = ()
    districts: tuple[str, ...] = ()
    stores: tuple[str, ...] = ()

    def each(self) -> Iterator[tuple[str, str]]:
        """What is granted, each as (region, district or store, its name or code)."""
        values = {"region": self.regions, "district": self.districts, "store": self.stores}
        return ((kind, value) for kind, granted in values.items() for value in granted)


EVERYTHING = Scope(everything=True)


def limit(con: duckdb.DuckDBPyConnection, scope: Scope) -> None:
    """Let queries on `con`, to which the file is attached as `published`, see what is granted."""
    if scope.everything:
        con.execute("use published")
        return
    told = {"regions": scope.regions, "districts": scope.districts, "stores": scope.stores}
    con.execute(GRANTED, {name: list(values) for name, values in told.items()})
    con.execute(SEEN)
    tables = con.execute(
        "select table_name from duckdb_tables() "
        "where database_name = 'published' and schema_name = 'marts'"
    ).fetchall()
    for (table,) in tables:
        replaced = f"replace ({REPLACED[table]})" if table in REPLACED else ""
        con.execute(
            f"create view memory.marts.{table} as select * {replaced} "
            f"from published.marts.{table} where {SHOWN.get(table, 'false')}"
        )
