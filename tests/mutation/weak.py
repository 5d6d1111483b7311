"""Which mutants make other rows: asked in place, of the rows that the rule itself is about to read.

A mutant that makes the rule's own rows wherever a case runs it cannot fail that case. So one run of
a case with the rules as they are tells which mutants it can fail at all.
"""

from collections.abc import Generator, Iterable
from contextlib import contextmanager
from functools import cache

import duckdb
import pytest

from pipelines import collector, making, routing, sql, transfers
from pipelines.sql import Model
from tests.mutation.mutants import Mutant

MODELS = collector.MODELS | making.MODELS | transfers.MODELS | routing.MODELS
VIEWS = {model.name.split(".")[1]: model for model in MODELS.values() if model.load == "view"}
# Rows in any order; a struct's hash is made of all its columns'.
FINGERPRINT = "select count(*), sum(hash(made_of_it)) from (\n{}\n) as made_of_it"


class BrokenError(Exception):
    """A mutant whose query fails, which may have spoilt the transaction of the rule itself."""

    def __init__(self, mutant: Mutant) -> None:
        self.mutant = mutant


@contextmanager
def watched(alive: Iterable[Mutant]) -> Generator[set[Mutant]]:
    """The mutants of which a rule that is run here has made other rows, as they are found."""
    by_model: dict[str, list[Mutant]] = {}
    for mutant in alive:
        by_model.setdefault(mutant.model, []).append(mutant)
    differing: set[Mutant] = set()

    def run(con: duckdb.DuckDBPyConnection, model: Model) -> int:
        for read in (model, *_views(model)):
            left = [one for one in by_model.get(read.name, ()) if one not in differing]
            if left and (read.load != "view" or read is not model):
                differing.update(_differing(con, read, left))
        return as_it_is(con, model)

    as_it_is = sql.run
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sql, "run", run)
        yield differing


@cache
def _views(model: Model) -> tuple[Model, ...]:
    """The views that a model reads, itself or by another view: they are worked out just then."""
    con = duckdb.connect()
    found, models = set[str](), [model]
    while models:
        read = sql.reads(con, models.pop()) & set(VIEWS) - found
        found |= read
        models += [VIEWS[view] for view in read]
    return tuple(VIEWS[view] for view in sorted(found))


def _differing(
    con: duckdb.DuckDBPyConnection, model: Model, mutants: list[Mutant]
) -> Generator[Mutant]:
    own = con.execute(FINGERPRINT.format(model.query)).fetchone()
    for mutant in mutants:
        try:
            made = con.execute(FINGERPRINT.format(mutant.text)).fetchone()
        except duckdb.Error as error:
            raise BrokenError(mutant) from error
        if made != own:
            yield mutant
