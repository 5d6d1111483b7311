"""The hub's own changes: lands what a rule made, as the central's, and settles it like any other.

A rule fills the working table `made` (table_name, record_id, action, data; one row per record).
Nothing is archived for them: a rebuild makes them again, so a rule reads nothing but tables and
the cycle's clock, and an id of something new is `made_id` of what it follows from.
"""

from pipelines import collector
from pipelines.hub import Hub

NAMESPACE = "6d61696e7374656d2d6d616465210000"  # of the ids that the hub makes, in hex
# A version-5 UUID (RFC 9562, 5.5) of a text: the namespace's bytes, then the text's, in SHA-1.
MADE_ID = f"""
create or replace temp macro made_id(text) as list_transform(
    [sha1(unhex('{NAMESPACE}') || encode(text))],
    lambda hex: substr(hex, 1, 8) || '-' || substr(hex, 9, 4) || '-5' || substr(hex, 14, 3) || '-'
        || substr('89ab', ('0x' || substr(hex, 17, 1))::integer % 4 + 1, 1)
        || substr(hex, 18, 3) || '-' || substr(hex, 21, 12)
)[1]
"""
NEW = """
create or replace temp table made (
    table_name varchar, record_id varchar, action varchar, data varchar
)
"""

LAND = """
with placed as (
    select made.*, row_number() over (
        order by
            made.action = 'merge', made.action = 'delete',
            case when made.action = 'delete' then -deep.depth else deep.depth end,
            made.table_name, made.record_id
    ) as place
    from made
    join (select table_name, max(depth) as depth from kind group by all) as deep using (table_name)
)
insert into landing.change
select
    $first + place - 1, getvariable('cycle'), getvariable('central'), null, place,
    getvariable('clock'), table_name, record_id, action, data, null
from placed
"""

# What stands of the records that are made; as a hash, which is narrow: one more does no harm.
STANDING = """
create or replace temp table standing as
select record.table_name, record.record_id, record.deleted, record.digest
from collector.record as record
semi join (select hash(table_name, record_id) as hash from made) as wanted
    on wanted.hash = hash(record.table_name, record.record_id)
"""
# What is as it was already is not made: an equal version, a delete of what is gone.
KNOWN = """
delete from made using standing as standing
where standing.table_name = made.table_name and standing.record_id = made.record_id
    and case made.action
        when 'delete' then standing.deleted
        when 'merge' then exists (
            from collector.merged as merged
            where merged.table_name = made.table_name and merged.record_id = made.record_id
        )
        else not standing.deleted and standing.digest = hash(made.data)
    end;
delete from made
where action = 'delete' and (table_name, record_id) not in (
    select (table_name, record_id) from standing
);
drop table standing
"""


def prepare(hub: Hub) -> None:
    """Give a stage what its rules read: `party`, `in_force`, `made_id`."""
    hub.con.execute(MADE_ID)
    collector.stand(hub)


def land(hub: Hub) -> int:
    """Append what `made` holds to landing, settle it, count it (`made`); how many were new."""
    # As a rule a rule makes nothing: then the stored records are not looked through.
    (number,) = hub.one("select count(*) from made")
    if number:
        hub.con.execute(STANDING)
        hub.con.execute(KNOWN)
        (number,) = hub.one("select count(*) from made")
    if number:
        (first,) = hub.one("select next_cursor from landing.cycle where cycle = ?", hub.cycle)
        hub.con.execute(LAND, {"first": first})
        hub.con.execute(
            "update landing.cycle set next_cursor = ? where cycle = ?",
            [first + number, hub.cycle],
        )
        collector.settle_made(hub, first)
        hub.add("made", number)
    return number
