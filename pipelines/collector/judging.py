"""Verdicts on a cycle's lines, pass by pass, and what they come to (rules O, G, V5)."""

from pipelines import records, sql
from pipelines.collector import merges
from pipelines.hub import Hub

MODELS = sql.models("pipelines/collector")
VIEWS = ("in_force", "ordering", "changing_home")
RECORD = (
    "table_name, record_id, record_kind, first, cursor, version, digest, deleted, store_id, "
    "parent_id, cycle"
)

# What the lines of a pass may have: a merge, a delete, an owning parent, a party, preferences of
# procurement that decide, a home store, a patient who must be visible; then newcomers without one.
LOOK = """
select {
    merging: bool_or(kept_id is not null),
    deleting: bool_or(action = 'delete'),
    owning: bool_or(parent_id is not null),
    partying: bool_or(party_id is not null),
    preferring: bool_or(table_name in (select table_name from kind where by_preference)),
    homing: bool_or(table_name in (select table_name from kind where editable_at = 'home')),
    seeing: bool_or(
        dispensed or table_name in (select table_name from kind where record_kind = 'Repeats')
        or getvariable('patients_edited_where_visible')
    ),
    newcoming: bool_or(table_name in ('name', 'clinician') and owner_id is null)
}
from candidate where pass = getvariable('pass') and refusal is null
"""


def take_up(hub: Hub, first: int) -> None:
    """Take up the lines from cursor `first` on, and what they may wake (`candidate`, `stored`)."""
    con = hub.con
    con.execute(f"set variable from_cursor = {first}")
    tables = [
        table
        for (table,) in con.execute(
            "select distinct table_name from kind semi join ("
            "select table_name from landing.change where cycle = ? "
            "union select table_name from collector.held) as named using (table_name)",
            [hub.cycle],
        ).fetchall()
    ]
    records.make_typed(con)
    records.define(con, sorted(tables))
    _run(hub, *VIEWS, "asked", "recall", "candidate", "stored", "refused")


def judge(hub: Hub) -> None:
    """Judge what was taken up (`judged`, `refused`), pass by pass, and settle it (`settled`)."""
    con = hub.con
    con.execute("drop table if exists judged; drop table if exists settled")
    con.execute(f"create or replace temp view known as select {RECORD} from stored")
    for name in ("home", "sees"):
        sql.clear(con, MODELS[f"collector.{name}"])
    for number in _passes(hub):
        con.execute(f"set variable pass = {number}")
        _look(hub)
        _run(hub, "judged")
        _refuse(hub)
        _settle(hub)
        _settle_contested(hub)
        # What a pass settled stands before what was stored, for the passes after it.
        con.execute(
            f"""
            delete from stored where (table_name, record_id) in (
                select (table_name, record_id) from settled
                where existed and pass = getvariable('pass')
            );
            create or replace temp view known as
            select {RECORD} from stored union all select {RECORD} from settled
            """
        )
        records.apply(con, number)
        merges.apply(con)


def stand(hub: Hub) -> None:
    """Make what the stages after the collector's read besides tables: its views, and `party`."""
    _run(hub, *VIEWS, "party")


def _run(hub: Hub, *names: str) -> None:
    for name in names:
        sql.run(hub.con, MODELS[f"collector.{name}"])


def _passes(hub: Hub) -> list[int]:
    """The passes that have candidates; at least one, so that the tables of a pass are there."""
    found = hub.con.execute("select distinct pass from candidate where refusal is null").fetchall()
    return sorted(number for (number,) in found) or [0]


def _look(hub: Hub) -> None:
    """Say what a pass has, as variables: what it has none of need not be joined to its lines.

    Homes of newcomers, and who sees whom, are worked out where they decide (rule O4).
    """
    (told,) = hub.one(LOOK)
    for name, is_so in told.items():
        hub.con.execute(f"set variable {name} = {bool(is_so)}")
    if told["newcoming"]:
        _run(hub, "home")
    if told["seeing"]:
        _run(hub, "sees")


def _refuse(hub: Hub) -> None:
    """Refuse what this pass accepted but other records forbid (rules O8, O14, V5)."""
    deletes, messages, stores = hub.one(
        """
        select
            coalesce(bool_or(action = 'delete'), false),
            coalesce(bool_or(table_name = 'message'), false),
            coalesce(bool_or(table_name = 'store'), false)
        from judged
        where pass = getvariable('pass') and outcome = 'accepted'
            and (table_name in ('message', 'store') or action = 'delete')
        """
    )
    for name in ["bereft"] * deletes + ["final"] * messages + ["crowded"] * stores:
        _run(hub, name)
        hub.con.execute(
            f"""
            update judged set
                outcome = {name}.outcome, detail = {name}.detail,
                waits_table = case {name}.outcome when 'deferred' then judged.table_name end,
                waits_record = case {name}.outcome when 'deferred' then judged.record_id end
            from {name} where judged.cursor = {name}.cursor
            """
        )


def _settle(hub: Hub) -> None:
    several = sql.run(hub.con, MODELS["collector.several"])
    hub.con.execute(f"set variable several = {several > 0}")
    _run(hub, "settled")


def _settle_contested(hub: Hub) -> None:
    """A new record that two sites bring in one cycle is the first one's (rule O3); as a rule none.

    Each of them named a store of its own, so each line alone was right.
    """
    (contested,) = hub.one(
        "select count(*) from settled where contested and pass = getvariable('pass')"
    )
    if not contested:
        return
    hub.con.execute(
        """
        create or replace temp table contested as
        select judged.table_name, judged.record_id, arg_min(judged.site, judged.cursor) as site,
            arg_min(judged.kind, judged.cursor) as kind
        from judged
        semi join (from settled where contested and pass = getvariable('pass')) as settled
            on settled.table_name = judged.table_name and settled.record_id = judged.record_id
        where judged.outcome = 'accepted' and judged.action <> 'delete'
        group by all;
        update judged set
            outcome = case kind.editable_at
                when 'home' then 'not_home_site' when 'central' then 'central_only'
                when 'primary' then 'primary_only' else 'not_owner'
            end,
            detail = 'the record belongs to a store at site ' || contested.site
        from contested, kind
        where kind.kind = contested.kind and judged.table_name = contested.table_name
            and judged.record_id = contested.record_id
            and judged.site <> contested.site and judged.outcome = 'accepted';
        delete from settled where pass = getvariable('pass');
        drop table contested
        """
    )
    _settle(hub)
