"""Patients of dispensaries: who they are, who prescribes, what they are given."""

from datetime import date, timedelta

from pipelines.simulation import issue
from pipelines.simulation.book import Move
from pipelines.simulation.held import Record
from pipelines.simulation.keeper import Keeper
from pipelines.simulation.records import NO_DATE, blank, join, name

NEW = 0.6  # chance that a prescription is for a patient who comes for the first time
PRESCRIPTIONS = (1, 3)  # a day
PRESCRIBERS = 2
FIRST = ("Ama", "Binta", "Chidi", "Dela", "Efua", "Femi", "Grace", "Hawa", "Idris", "Jojo", "Kemi")
LAST = ("Simulated-Abara", "Simulated-Bello", "Simulated-Cole", "Simulated-Diop", "Simulated-Eze")


def run(keeper: Keeper, day: date) -> None:
    """A day's prescriptions of a dispensary: a pack or two of what clients need, one at a time."""
    prescribers = _prescribers(keeper)
    wanted = [code for code, units in keeper.need.items() if units > 0]
    for _ in range(keeper.rng.randint(*PRESCRIPTIONS)):
        moves: list[Move] = []
        for code in keeper.rng.sample(wanted, min(2, len(wanted))):
            lines = keeper.book.lines(keeper.world.item_id[code])
            smallest = min((line["pack_size"] for line in lines), default=0)
            moves += issue.take(keeper, code, smallest, day) if smallest else []
        if moves:
            told = {"mode": "dispensary", "prescriber_ID": keeper.rng.choice(prescribers)}
            told |= keeper.om(om_type="PRESCRIPTION", om_status="VERIFIED")
            keeper.book.post("ci", _patient(keeper, day), day, moves, more=told)


def _patient(keeper: Keeper, day: date) -> str:
    """The id of a patient who is visible in the store, a new one or one who comes again."""
    held = keeper.site.held
    known = sorted(
        shown["name_ID"]
        for shown in held.table("name_store_join").values()
        if shown["store_ID"] == keeper.id
        and not shown["inactive"]
        and (held.get("name", shown["name_ID"]) or {}).get("type") == "patient"
    )
    if known and keeper.rng.random() >= NEW:
        return keeper.rng.choice(known)
    ids, rng = keeper.world.ids, keeper.rng
    prefix = f"{keeper.store.code}-"
    before = sum(other["code"].startswith(prefix) for other in held.table("name").values())
    code = f"{prefix}{before + 1:04d}"
    id, birth = ids.of("name", code), day - timedelta(days=rng.randint(100, 25_000))
    first, last = rng.choice(FIRST), rng.choice(LAST)
    told: Record = {"first": first, "last": last, "female": rng.random() < 0.5}
    told |= {"supplying_store_id": keeper.id, "date_of_birth": birth.isoformat()}
    record = name(id, code, f"{last}, {first}", "patient", day, **told)
    keeper.site.write("name", record | {"supplier": False})
    shown = join(ids.of("name_store_join", code, keeper.store.code), id, keeper.id)
    keeper.site.write("name_store_join", shown)
    return id


def _prescribers(keeper: Keeper) -> list[str]:
    """The ids of the store's prescribers, who are registered when there are none."""
    found = keeper.site.held.table("clinician").values()
    if ours := [it["ID"] for it in found if it["store_ID"] == keeper.id]:
        return ours
    for number in range(1, PRESCRIBERS + 1):
        code = f"{keeper.store.code}-DR{number}"
        id = keeper.world.ids.of("clinician", code)
        record: Record = {"ID": id, "code": code, "last_name": keeper.rng.choice(LAST)}
        record |= {"first_name": keeper.rng.choice(FIRST), "store_ID": keeper.id, "active": True}
        record |= {"female": False, "initials": "", "date_of_birth": NO_DATE}
        record |= blank("registration_code category category_ID address1 address2 phone mobile")
        keeper.site.write("clinician", record | {"email": ""})
        shown = {"ID": keeper.world.ids.of("clinician_store_join", code), "prescriber_ID": id}
        keeper.site.write("clinician_store_join", shown | {"store_ID": keeper.id})
    return _prescribers(keeper)
