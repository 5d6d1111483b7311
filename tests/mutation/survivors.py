"""The mutants that no case can kill, and why: `survivors.csv`, a mutant a row.

A row has the table, the line, the line turned and the reason. A mutant that is listed and killed is
an error of the list, as is a row of which there is no mutant.
"""

import csv
from collections.abc import Iterable
from pathlib import Path

from tests.mutation.mutants import Mutant

FILE = Path(__file__).with_suffix(".csv")


def reasons() -> dict[tuple[str, str, str], str]:
    """Why a mutant survives, by its key."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return {
            (row["table"], row["line"], row["turned"]): row["reason"]
            for row in csv.DictReader(file)
        }


def wrong(mutants: Iterable[Mutant], killed: Iterable[Mutant]) -> list[str]:
    """What the list says wrongly of these mutants, all of their files, some of which are killed."""
    keys = {mutant.key for mutant in mutants}
    tables = {table for table, _, _ in keys}
    listed = reasons()
    return [
        *(f"listed, and killed: {mutant}" for mutant in killed if mutant.key in listed),
        *(
            f"listed, and no mutant: {key}"
            for key in listed
            if key[0] in tables and key not in keys
        ),
    ]
