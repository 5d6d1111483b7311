"""Digests: the 64-bit hash by which a line is told from the version that stands (rule O14).

DuckDB's own hash is faster than md5. Two texts of one record share a digest once in
2^64; but another release of DuckDB may hash otherwise, and then no line would repeat any version.
"""

import duckdb

RENEW = """
begin;
update collector.record as record set digest = hash(change.data)
from landing.change as change
where change.cursor = record.version and record.digest is not null;
create or replace table collector.hashing as select hash('mainstem') as known;
commit
"""


def renew(con: duckdb.DuckDBPyConnection) -> None:
    """Make all digests anew where this DuckDB hashes otherwise than the one that made them."""
    told = con.execute("select known = hash('mainstem') from collector.hashing").fetchone()
    if told == (False,):
        con.execute(RENEW)
