"""The registry is complete and closed: for every record exactly one record kind holds."""

import csv
import re
from collections import defaultdict
from itertools import chain
from pathlib import Path

import duckdb
import pytest

from pipelines.registry import (
    FLAGS,
    RecordKind,
    depth,
    read_rows,
    reasons,
    record_kinds,
    tables,
)

SPEC = Path(__file__).resolve().parents[2] / "shared" / "spec"
needs_spec = pytest.mark.skipif(
    not SPEC.is_dir(), reason="the specification does not lie beside the project"
)

HUB_TABLES = {"site", "store_site", "hub_preference"}

# Tables that none of the source's kinds fits have a kind of their own.
EXTRA_KINDS = {"Contact forms", "File references", "Number sequences", "Plugins"}

# Where a row is not of its kind's sync type, the rule that says so.
OTHER_SYNC_TYPE = {
    ("User licences and existing users", "user"): ("central", "O6"),
    ("User permissions", "om_user_permission"): ("central", "O6"),
    ("Preferences (non-store)", "preference"): ("central", "O6"),
    ("Logs", "om_activity_log"): ("store", "O6"),
    ("Logs", "system_log"): ("store", "O6"),
}

# The system's value is central data, a site's own value is that site's.
HUB_PREFERENCE_SYNC_TYPES = {"central", "store"}

# A row goes where its sync type goes, but for these.
OTHER_ROUTE = {
    ("user", "New users"): "central",
    ("system_log", "Logs"): "none",
    ("contact_form", "Contact forms"): "none",
    ("hub_preference", "Sites and sync-related preferences"): "none",
    ("clinician", "Patients and prescribers"): "prescriber",
    ("clinician", "Merging of patients and prescribers"): "prescriber",
    ("clinician_store_join", "Visibility of new patients and prescribers"): "prescriber",
    # R5 sends them as the preference says, R4 to collectors of their store.
    ("transact", "Prescriptions"): "prescription",
    ("trans_line", "Prescriptions"): "prescription",
    ("trans_note", "Prescriptions"): "prescription",
}

EDITABLE_AT = {
    "central": {"primary", "central", "any"},
    "central_dispensary": {"primary"},
    "central_store": {"primary", "central"},
    "store": {"store", "any"},
    "patient": {"home", "store"},
    "name": {"primary"},
    "message": {"any"},
    "local": {"none"},
    "sync": {"central"},
}

# Every outcome that the rules and the outer contract name.
OUTCOMES = {
    "duplicate",
    "malformed",
    "unknown_table",
    "unknown_site",
    "site_disabled",
    "local_only",
    "central_only",
    "primary_only",
    "store_inactive_here",
    "not_owner",
    "not_home_site",
    "different_home_stores",
    "message_is_final",
    "mobile_site_full",
    "orphan",
    "superseded",
    "deferred",
    "damaged_segment",
}

# Tables whose kinds do not share owner and parent: what is said about a patient follows the
# patient (O4), the rest has its own owner or none.
FOLLOW_PATIENT = {"name", "name_note", "name_oms_fields"}


def flags_of(kind: RecordKind) -> set[str]:
    words = {found.group() for found in re.finditer(r"[a-z_]+", kind.condition)}
    return words - {"and", "or", "not"}


def holding(kinds: tuple[RecordKind, ...]) -> dict[str, int]:
    """Each combination of the flags that the kinds ask for, and how many of the kinds hold."""
    flags = sorted(set(chain.from_iterable(flags_of(kind) for kind in kinds))) or ["merge"]
    sources = ", ".join(f"(values (true), (false)) as t{n}({f})" for n, f in enumerate(flags))
    held = " + ".join(f"(case when {kind.condition or 'true'} then 1 else 0 end)" for kind in kinds)
    named = " || ' ' || ".join(f"'{flag}=' || {flag}" for flag in flags)
    found = duckdb.connect().execute(f"select {named}, {held} from {sources}").fetchall()
    assert len(found) == 2 ** len(flags)
    return {str(combination): int(number) for combination, number in found}


def one_of(table_name: str, record_kind: str) -> RecordKind:
    found = [kind for kind in tables()[table_name] if kind.record_kind == record_kind]
    assert len(found) == 1, f"{table_name}: {len(found)} rows of {record_kind}"
    return found[0]


def spec_rows(name: str) -> list[dict[str, str]]:
    with (SPEC / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def keys(text: str) -> set[str]:
    """The names in a list such as `ID=string; name=string or null`; a remark may hold a `;`."""
    return {part.split("=")[0].strip() for part in text.split(";") if "=" in part}


@pytest.mark.parametrize("table_name", sorted(tables()))
def test_exactly_one_kind_holds_for_every_record(table_name: str) -> None:
    assert {c: n for c, n in holding(tables()[table_name]).items() if n != 1} == {}


def test_conditions_ask_known_flags_only() -> None:
    words = re.compile(r"[a-z_ ()]*")
    odd = [k for k in record_kinds() if not words.fullmatch(k.condition) or flags_of(k) - {*FLAGS}]
    assert not odd
    assert set(chain.from_iterable(map(flags_of, record_kinds()))) == set(FLAGS)


def test_rows_are_distinct() -> None:
    seen = [(k.record_kind, k.table_name, k.sync_type) for k in record_kinds()]
    assert len(seen) == len(set(seen))


def test_sync_types_exist_and_are_used() -> None:
    assert {k.sync_type for k in record_kinds()} == {r["sync_type"] for r in read_rows("sync_type")}


def test_each_row_goes_where_its_sync_type_goes() -> None:
    usual = {row["sync_type"]: row["route"] for row in read_rows("sync_type")}
    odd = {
        (kind.table_name, kind.record_kind): kind.route
        for kind in record_kinds()
        if kind.route != usual[kind.sync_type]
    }
    assert odd == OTHER_ROUTE


def test_who_edits_fits_the_sync_type() -> None:
    usual = {row["sync_type"]: row["editable_at"] for row in read_rows("sync_type")}
    assert usual.keys() == EDITABLE_AT.keys()
    assert all(usual[name] in allowed for name, allowed in EDITABLE_AT.items())
    assert not [k for k in record_kinds() if k.editable_at not in EDITABLE_AT[k.sync_type]]


def test_reasons_are_complete() -> None:
    assert set(reasons()) == OUTCOMES
    assert len(read_rows("reason")) == len(OUTCOMES)
    assert all(reason.rule and reason.description.endswith(".") for reason in reasons().values())


def test_owner_or_parent_never_both() -> None:
    both = [kind for kind in record_kinds() if kind.owner_key and kind.parent_key]
    assert not both
    half = [kind for kind in record_kinds() if bool(kind.parent_table) != bool(kind.parent_key)]
    assert not half


def test_store_and_home_data_has_an_owner_or_a_parent() -> None:
    """O3, O4: without one nobody could be told to be its owner."""
    lost = [
        kind
        for kind in record_kinds()
        if kind.editable_at in {"store", "home"} and not (kind.owner_key or kind.parent_key)
    ]
    assert not lost


def test_common_data_never_waits_for_a_parent() -> None:
    """O13: only an owning parent defers, and what is common to all stores has none."""
    common = {"central", "central_dispensary", "name", "message", "local", "sync"}
    assert not [k for k in record_kinds() if k.sync_type in common and k.parent_table]


def test_parents_are_tables_without_a_circle() -> None:
    parents = {k.parent_table for k in record_kinds() if k.parent_table}
    assert parents <= tables().keys()
    above: dict[str, set[str]] = defaultdict(set)
    for kind in record_kinds():
        above[kind.table_name] |= {kind.parent_table} - {""}
    reached = {table for table in above if not above[table]}
    while more := {table for table in above if above[table] <= reached} - reached:
        reached |= more
    assert above.keys() - reached == set()


def test_depth_puts_parents_first() -> None:
    assert depth("transact") == 0
    assert depth("trans_line") == 1
    assert depth("om_vaccination") == 2
    assert all(
        depth(kind.table_name) > depth(kind.parent_table)
        for kind in record_kinds()
        if kind.parent_table
    )


def test_kinds_of_a_table_share_its_keys() -> None:
    for table_name, kinds in tables().items():
        assert len({kind.id_key for kind in kinds}) == 1, table_name
        owners = {(kind.owner_key, kind.parent_table, kind.parent_key) for kind in kinds}
        assert (len(owners) > 1) == (table_name in FOLLOW_PATIENT), table_name


def test_store_set_asks_for_an_owner_key() -> None:
    asking = [kind for kind in record_kinds() if "store_set" in flags_of(kind)]
    assert asking
    assert all(kind.owner_key for kind in asking)


def test_merges_have_their_own_kinds() -> None:
    """G1, G2, G3."""
    asked = {k.table_name for k in record_kinds() if "merge" in flags_of(k)}
    assert asked == {"item", "unit", "name", "clinician", "Location", "barcode"}
    assert one_of("name", "Merging of patients and prescribers").editable_at == "home"
    assert one_of("Location", "Merging locations").editable_at == "store"


def test_visibility() -> None:
    """O2, O10."""
    assert one_of("item_store_join", "Visibility of items").editable_at == "primary"
    names = one_of("name_store_join", "Visibility of names (including existing patients)")
    assert (names.sync_type, names.editable_at) == ("central_store", "central")
    for table_name in ("name_store_join", "clinician_store_join"):
        new = one_of(table_name, "Visibility of new patients and prescribers")
        assert (new.sync_type, new.editable_at) == ("patient", "store")


def test_a_child_follows_its_parent() -> None:
    """O3: a line that names a store of its own is still its header's."""
    for kind in tables()["purchase_order_line"]:
        assert (kind.owner_key, kind.parent_table) == ("", "purchase_order")


def test_patient_data_follows_the_patient() -> None:
    """O4: the home store decides, but a prescription stays where it was made."""
    home = {k.table_name for k in record_kinds() if k.editable_at == "home" and k.owner_key}
    assert home == {"name", "clinician"}
    assert {k.editable_at for k in record_kinds() if k.record_kind == "Prescriptions"} == {"store"}


def test_local_names_that_are_not_local() -> None:
    """O6."""
    log = one_of("om_activity_log", "Logs")
    assert (log.sync_type, log.editable_at, log.route) == ("store", "store", "store")
    for table_name in ("system_log", "contact_form"):
        (kept,) = tables()[table_name]
        assert (kept.editable_at, kept.route) == ("any", "none")
    for table_name in ("user", "om_user_permission"):
        assert {kind.route for kind in tables()[table_name]} == {"central"}
    assert one_of("preference", "Preferences (non-store)").sync_type == "central"


def test_sites_are_the_central_s_and_stay_here() -> None:
    """O7."""
    for table_name in ("site", "store_site"):
        (kind,) = tables()[table_name]
        assert (kind.sync_type, kind.editable_at, kind.route) == ("sync", "central", "none")


def test_barcodes_and_messages_come_from_any_site() -> None:
    """O8, O9."""
    assert one_of("barcode", "Barcodes").editable_at == "any"
    assert [kind.editable_at for kind in tables()["message"]] == ["any"]


def test_preferences_of_procurement() -> None:
    """O12."""
    system, own = tables()["hub_preference"]
    assert (system.condition, system.editable_at, system.route) == (
        "not store_set",
        "primary",
        "central",
    )
    assert (own.condition, own.editable_at, own.route) == ("store_set", "store", "none")
    for table_name, flag in (
        ("purchase_order", "supervisor_ordering"),
        ("purchase_order", "centralised_procurement"),
        ("tender", "centralised_procurement"),
        ("quote", "centralised_procurement"),
        ("payment", "centralised_payments"),
    ):
        assert {k.editable_at for k in tables()[table_name] if flag in flags_of(k)} == {
            "primary",
            "store",
        }


@needs_spec
def test_each_data_type_of_the_source_has_a_kind() -> None:
    named = {row["record_kind"]: row["sync_type"] for row in spec_rows("data_types.csv")}
    assert len(named) == 72
    assert {kind.record_kind for kind in record_kinds()} == named.keys() | EXTRA_KINDS
    other = {
        (kind.record_kind, kind.table_name): kind.sync_type
        for kind in record_kinds()
        if kind.sync_type != named.get(kind.record_kind, kind.sync_type)
        and kind.table_name != "hub_preference"
    }
    assert other == {key: sync_type for key, (sync_type, _) in OTHER_SYNC_TYPE.items()}
    for (record_kind, table_name), (_, rule) in OTHER_SYNC_TYPE.items():
        notes = [k.notes for k in tables()[table_name] if k.record_kind == record_kind]
        assert all(rule in note for note in notes)
    assert {k.sync_type for k in tables()["hub_preference"]} == HUB_PREFERENCE_SYNC_TYPES


@needs_spec
def test_each_table_of_the_feed_is_registered_with_its_keys() -> None:
    for row in spec_rows("tables_v5.csv"):
        table_name = row["legacy_table_name"]
        required = keys(row["pull_required_keys"] or row["push_keys"])
        known = required | keys(row["pull_optional_keys"]) | keys(row["push_keys"])
        if table_name == "pref":  # only the older protocol says that it has an id
            required.add("ID")
        for kind in tables()[table_name]:
            assert kind.id_key in required, table_name
            assert {kind.owner_key, kind.parent_key} - {""} <= known, table_name


@needs_spec
def test_assumed_are_the_tables_that_the_feed_does_not_state() -> None:
    stated = {row["legacy_table_name"] for row in spec_rows("tables_v5.csv")} | HUB_TABLES
    assert {kind.table_name for kind in record_kinds() if not kind.assumed} == stated
    assert not {kind.table_name for kind in record_kinds() if kind.assumed} & stated


@needs_spec
def test_each_table_of_the_older_protocol_is_registered() -> None:
    assert {row["wire_name"] for row in spec_rows("tables_v3.csv")} <= tables().keys()
