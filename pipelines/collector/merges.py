"""Merges (rules G): what is merged away stands for what was kept, in every typed table."""

import duckdb
import pyarrow as pa

from pipelines import records


def apply(con: duckdb.DuckDBPyConnection) -> None:
    """Apply the accepted merges of this pass, in the feed's order, and re-point what names them.

    A chain ends at its last kept record. What is merged away already, or would be merged into what
    was merged into itself, changes nothing: the same merges in any order end in the same state.
    """
    told = con.execute(
        "select table_name, kept_id, record_id, cursor from judged "
        "where action = 'merge' and outcome = 'accepted' and pass = getvariable('pass') "
        "order by cursor"
    ).fetchall()
    if not told:
        return
    standing = {
        (table, merged): (kept, cursor)
        for table, merged, kept, cursor in con.execute(
            "select table_name, record_id, merged_into, cursor from collector.merged"
        ).fetchall()
    }
    new = _resolved(standing, told)
    if not new:
        return
    columns = list(zip(*((*key, *value) for key, value in new.items()), strict=True))
    names = ["table_name", "record_id", "merged_into", "cursor"]
    con.register("resolved", pa.table(dict(zip(names, columns, strict=True))))
    con.execute(
        """
        create or replace temp table pointed as from resolved;
        delete from collector.merged where (table_name, record_id) in (
            select (table_name, record_id) from pointed
        );
        insert into collector.merged
        select table_name, record_id, merged_into, cursor, getvariable('cycle') from pointed
        """
    )
    con.unregister("resolved")
    _re_point(con, {table for table, _ in new})


def _resolved(
    standing: dict[tuple[str, str], tuple[str, int]], told: list[tuple[str, str, str, int]]
) -> dict[tuple[str, str], tuple[str, int]]:
    """(table, record) → (what it is now, the merge's cursor), of those that change."""
    into = {key: kept for key, (kept, _) in standing.items()}
    members: dict[tuple[str, str], list[str]] = {}  # what stands for a record now
    for (table, merged), kept in into.items():
        members.setdefault((table, kept), []).append(merged)
    cursors = {key: cursor for key, (_, cursor) in standing.items()}
    changed: set[tuple[str, str]] = set()
    for table, kept, merged, cursor in told:
        root = into.get((table, kept), kept)
        if (table, merged) in into or root == merged:
            continue
        moved = [merged, *members.pop((table, merged), ())]
        cursors[table, merged] = cursor
        for member in moved:
            into[table, member] = root
        members.setdefault((table, root), []).extend(moved)
        changed |= {(table, member) for member in moved}
    return {key: (into[key], cursors[key]) for key in sorted(changed)}


def _re_point(con: duckdb.DuckDBPyConnection, merged: set[str]) -> None:
    for table, keys in records.references().items():
        for key, named in keys.items():
            if named in merged:
                con.execute(
                    f"""
                    update records."{table}" as child set "{key}" = pointed.merged_into
                    from pointed
                    where pointed.table_name = '{named}' and pointed.record_id = child."{key}"
                    """
                )
