"""The outbox: each site's queue and the central log, numbered in the warehouse, then published."""

from pipelines import patients, sql
from pipelines.hub import Hub
from pipelines.outbox import files
from pipelines.outbox.files import missing

__all__ = ["missing", "publish", "queue"]

MODELS = sql.models("pipelines/outbox")
GROWN, COUNTED = ("reached", "repeated", "queued", "logged"), ("counted", "length")
ORDER = ("marked", *GROWN, *COUNTED)
# A queue that begins anew owes nothing of what stood before.
KEEP = """
insert into outbox.queue by name from queued;
insert into outbox.central by name from logged;

delete from outbox.acknowledged where site in (select site from reached);
insert into outbox.acknowledged by name from reached;

delete from outbox.owed where site in (select site from queued where action = 'reset');
merge into outbox.owed as owed
using (
    select site, table_name, record_id, action = 'merge' as merge, sequence, cursor
    from queued where action <> 'reset'
) as line
on owed.site = line.site and owed.table_name = line.table_name
    and owed.record_id = line.record_id and owed.merge = line.merge
when matched then update set sequence = line.sequence, cursor = line.cursor
when not matched then insert;

insert into outbox.file
select site, min(sequence), max(sequence), null, getvariable('cycle') from queued group by site
union all
select 0, min(id), max(id), null, getvariable('cycle') from logged having count(*) > 0;

merge into outbox.head as head
using (select site, last from outbox.file where cycle = getvariable('cycle')) as grown
on head.site = grown.site
when matched then update set last = grown.last
when not matched then insert
"""


# After a restore a queue goes on above all that was ever given in it (rule I5).
RAISE = """
insert into outbox.mark select site, last, getvariable('cycle') from marked;
merge into outbox.head as head using marked on head.site = marked.site
when matched then update set last = greatest(head.last, marked.last)
when not matched then insert
"""


def queue(hub: Hub) -> None:
    """Number what was routed, add it to the queues, note what sites acknowledge.

    A file is owed for each queue that grew.
    """
    _run(hub, "marked")
    hub.con.execute(RAISE)
    _run(hub, *GROWN)
    hub.con.execute(KEEP)
    _run(hub, *COUNTED)
    sites, central = hub.one("select (select count(*) from queued), (select count(*) from logged)")
    hub.count("published_sites", sites)
    hub.count("published_central", central)


def publish(hub: Hub) -> int:
    """Publish what the gateway serves: the index of patients and the outbox's files; how many."""
    patients.publish(hub)
    return files.publish(hub)


def _run(hub: Hub, *names: str) -> None:
    for name in names:
        sql.run(hub.con, MODELS[f"outbox.{name}"])
