"""Which mutants make other rows: asked in place, of the rows that the rule itself is about to read.

A mutant that makes the rule's own rows wherever a case runs it cannot fail that case. So one run of
a case with the rules as they are tells which mutants it can fail at all.
"""

import sys
import threading
from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from dataclasses import replace
from functools import cache

import duckdb
import pytest

from pipelines import collector, making, outbox, routing, sql, transfers
from pipelines.sql import Model
from tests.mutation.mutants import Mutant

MODELS = collector.MODELS | making.MODELS | transfers.MODELS | routing.MODELS
LONGEST = 10  # seconds; a query that is turned may never come to an end
# Rows in any order; a struct's hash is made of all its columns'.
FINGERPRINT = "select count(*), sum(hash(made_of_it)) from (\n{}\n) as made_of_it"


class BrokenError(Exception):
    """A mutant whose query fails, or does not end: the rule's own transaction may be spoilt."""

    def __init__(self, mutant: Mutant) -> None:
        self.mutant = mutant


@contextmanager
def watched(alive: Iterable[Mutant], turn: Callable[[Mutant], bool]) -> Generator[None]:
    """While this is open `turn` is told of each mutant of which a rule would make other rows.

    Once, just before the rule is run. Where it says so the mutant holds from then on, alone.
    """
    by_model: dict[str, list[Mutant]] = {}
    for mutant in alive:
        by_model.setdefault(mutant.model, []).append(mutant)

    def run(con: duckdb.DuckDBPyConnection, model: Model) -> int:
        if not sql.is_given(con, model):
            return as_it_is(con, model)
        for read in (model, *reads()[model.name]):
            left = by_model.get(read.name)
            if left and (read.load != "view" or read is not model):
                for mutant in list(_differing(con, read, left)):
                    left.remove(mutant)
                    if turn(mutant):
                        by_model.clear()
                        _hold(mutant)
                        if read is not model:
                            as_it_is(con, _models(read.name)[read.name])
                        return as_it_is(con, _models(model.name)[model.name])
        return as_it_is(con, model)

    as_it_is = sql.run
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sql, "run", run)
        yield


@cache
def reads() -> dict[str, tuple[Model, ...]]:
    """By rule the views that it reads, itself or by another view: they are worked out just then."""
    con = duckdb.connect()
    views = {model.name.split(".")[1]: model for model in MODELS.values() if model.load == "view"}
    told = MODELS | outbox.MODELS
    direct = {name: sql.reads(con, model) & set(views) for name, model in told.items()}
    found: dict[str, tuple[Model, ...]] = {}
    for name in told:
        all_, left = set[str](), set(direct[name])
        while left:
            all_ |= left
            left = {read for view in left for read in direct[views[view].name]} - all_
        found[name] = tuple(views[view] for view in sorted(all_))
    return found


def _models(name: str) -> dict[str, Model]:
    """The models of a table's stage."""
    return sys.modules[f"pipelines.{name.split('.')[0]}"].MODELS


def _hold(mutant: Mutant) -> None:
    models = _models(mutant.model)
    models[mutant.model] = replace(models[mutant.model], query=mutant.text)


def _differing(
    con: duckdb.DuckDBPyConnection, model: Model, mutants: list[Mutant]
) -> Generator[Mutant]:
    own = con.execute(FINGERPRINT.format(model.query)).fetchone()
    for mutant in mutants:
        ends = threading.Timer(LONGEST, con.interrupt)
        ends.start()
        try:
            made = con.execute(FINGERPRINT.format(mutant.text)).fetchone()
        except duckdb.Error as error:
            raise BrokenError(mutant) from error
        finally:
            ends.cancel()
        if made != own:
            yield mutant
