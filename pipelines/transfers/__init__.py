"""Transfers between stores: the second half of each, one file a rule (rules T).

What a rule decides of a half is in its file (stock, returns, requisition, purchase_order,
goods_received, received_quantity); what the responding half says is in the file named after it.
"""

from pipelines import sql
from pipelines.hub import Hub
from pipelines.making import made

MODELS = sql.models("pipelines/transfers")
RULES = ("stock", "returns", "requisition", "purchase_order", "goods_received")
# What a cycle makes for others: lines, then what holds their sums.
TEXTS = (
    "invoice_line", "invoice", "response_line", "response", "order_invoice_line", "order_invoice",
    "receipt_line", "receipt", "amended", "withdrawn",
)  # fmt: skip
FIND = ("partner", "turned", "initiating", "gone", "late", "answer")
DECIDE = (*RULES, "decided", "touched", "line_due", *TEXTS)
KEEP = ("passed_on", "entry", "transfer", "line")
ORDER = (*FIND, *DECIDE, *KEEP, "known_partner", "received_quantity")

# as_text, as_number  a value as it came, if it is of its type; a number that is whole without point
# plain               a value so that two spellings of one compare equal; NULL for what is empty
# is_log              keys that a site changes without touching a half: its number, its log
MACROS = """
create or replace temp macro as_text(value) as
    case when json_type(value) = 'VARCHAR' then value else '""'::json end;
create or replace temp macro as_number(value, other) as
    case when json_type(value) in ('BIGINT', 'UBIGINT', 'HUGEINT', 'DOUBLE') then value
        else to_json(other) end;
create or replace temp macro whole(number) as
    case when number % 1 = 0 then to_json(number::bigint) else to_json(number) end;
create or replace temp macro today() as strftime(getvariable('clock'), '%Y-%m-%d');
create or replace temp macro time_of_day() as
    date_diff('second', date_trunc('day', getvariable('clock')), getvariable('clock'));
create or replace temp macro next_number(site, last, place) as
    case when site = getvariable('central') then coalesce(last, 0) + place else -1 end;
create or replace temp macro is_log(key) as
    key in ('invoice_num', 'serial_number', 'total', 'subtotal', 'lastModifiedAt', 'log')
    or starts_with(key, 'om_') or key = 'oms_fields';
create or replace temp macro plain(value) as case json_type(value)
    when 'NULL' then null
    when 'BOOLEAN' then nullif(value::varchar, 'false')
    when 'VARCHAR' then case
        when regexp_full_match(value ->> '$', '[0-9]{4}-[0-9]{2}-[0-9]{2}(T00:00:00)?')
            then nullif(left(value ->> '$', 10), '0000-00-00')
        when regexp_full_match(value ->> '$', '[0-9]{2}:[0-9]{2}:[0-9]{2}')
            then nullif(epoch(try_cast(value ->> '$' as time)), 0)::double::varchar
        else nullif(value ->> '$', '')
    end
    when 'ARRAY' then value::varchar
    when 'OBJECT' then value::varchar
    else nullif(value::double, 0)::varchar
end
"""


def transfer(hub: Hub) -> None:
    """Find this cycle's initiating halves, make what answers them, keep both in the ledger."""
    made.prepare(hub)
    hub.con.execute(MACROS)
    found = {name: _run(hub, name) for name in FIND}
    if any(found[name] for name in ("initiating", "gone", "late", "answer")):
        for name in DECIDE:
            _run(hub, name)
        _land(hub, TEXTS)
        for name in KEEP:
            _run(hub, name)
        _count(hub)
    if found["turned"]:
        _run(hub, "known_partner")
    # After the others: goods received that the hub has just made count as well.
    if _run(hub, "received_quantity"):
        _land(hub, ("received_quantity",))


def _run(hub: Hub, name: str) -> int:
    return sql.run(hub.con, MODELS[f"transfers.{name}"])


def _land(hub: Hub, names: tuple[str, ...]) -> None:
    hub.con.execute(made.NEW)
    for name in names:
        hub.con.execute(f"insert into made select table_name, record_id, action, data from {name}")
    made.land(hub)


def _count(hub: Hub) -> None:
    """Count the responding halves made, by kind; what is not counted is none."""
    for kind, number in hub.con.execute(
        "select kind, count(*) from decided where is_new group by all order by kind"
    ).fetchall():
        hub.count(f"transfers_{kind}", number)
