"""The mutation testing of the rules tells what a case kills from what it cannot tell apart."""

import multiprocessing
import tempfile
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path
from typing import cast

import duckdb
import pytest

from tests.mutation import survivors, weak
from tests.mutation.fates import KILLED, Fates, examine, keep, share, take_up
from tests.mutation.mutants import all_mutants, mutants


@pytest.fixture(scope="module", autouse=True)
def folder(tmp_path_factory: pytest.TempPathFactory) -> Generator[None]:
    """Where all is made that a fork does not clear up; what is set up there is kept."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tempfile, "tempdir", str(tmp_path_factory.mktemp("mutation")))
        yield


def test_a_case_kills_a_mutant_and_lets_others_live() -> None:
    found = [
        next(one for one in all_mutants(["routing"], ["central_store"]) if one.stands.endswith(end))
        for end in (
            "store_seen.level = 'transfer'",  # other rows, other queues
            "'R3~' as rule",  # other rows, which no queue tells
            "store_seen.level <> 'transfer~'",  # the same rows: no site has a transfer copy of it
        )
    ]
    fates = cast(Fates, multiprocessing.RawArray("i", len(found)))
    share(found, fates, tries=8)
    examine("R3 a store that is visible nowhere goes to its own site only")
    assert list(fates) == [KILLED, 1, 0]


@pytest.mark.parametrize(
    "case",
    [
        "I1 a queue is built anew behind a reset: own records, copies, patients, names; "
        "deleted ones left out",  # a cycle that has more threads
        "oracle 0",
    ],
)
def test_what_nobody_can_see_is_no_kill(case: str) -> None:
    found = [one for one in all_mutants(["routing"], ["central_store"]) if "'R3~'" in one.stands]
    fates = cast(Fates, multiprocessing.RawArray("i", len(found)))
    share(found, fates, tries=8)
    examine(case)
    assert found and set(fates) == {1}


def test_a_history_kills_a_mutant() -> None:
    (mutant, *_) = [
        one
        for one in all_mutants(["routing"], ["central_store"])
        if one.stands.endswith("store_seen.level = 'transfer'")
    ]
    fates = cast(Fates, multiprocessing.RawArray("i", 1))
    share([mutant], fates, tries=8)
    examine("oracle 0")
    assert list(fates) == [KILLED]


def test_a_mutant_whose_query_never_ends_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weak, "LONGEST", 0.5)
    model = weak.MODELS["routing.central_store"]
    endless = "with recursive on_and_on as (select 1 as it union all from on_and_on) from on_and_on"
    (mutant, *_) = all_mutants(["routing"], ["central_store"])
    with duckdb.connect() as con, pytest.raises(weak.BrokenError) as stopped:
        list(
            weak._differing(con, replace(model, query="select 1"), [replace(mutant, text=endless)])
        )
    assert isinstance(stopped.value.__cause__, duckdb.InterruptException)


def test_of_unions_the_last_one_is_turned(tmp_path: Path) -> None:
    path = tmp_path / "rule.sql"
    path.write_text("from (from a union from b union all from c) union\nfrom d union\nfrom e")
    assert [(one.line, one.now) for one in mutants(path)] == [(1, "union all"), (2, "union all")]


def test_a_run_goes_on_from_the_kills_of_another_while_the_sql_is_the_same(tmp_path: Path) -> None:
    found = all_mutants(["routing"], ["central_store"])[:3]
    keep(tmp_path / "kills.json", found, cast(Fates, [KILLED, 4, KILLED]))
    changed = replace(found[2], text=found[2].text + "\n-- another word")
    fates = cast(Fates, [0, 0, 0])
    take_up(tmp_path / "kills.json", [*found[:2], changed], fates)
    assert list(fates) == [KILLED, 0, 0]


def test_the_list_of_survivors_has_mutants_only() -> None:
    assert survivors.wrong(all_mutants(), ()) == []
    mutant = all_mutants(["routing"], ["central_store"])[0]
    monkey = {mutant.key: "", (mutant.model, "a line", "turned"): ""}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(survivors, "reasons", lambda: monkey)
        assert len(survivors.wrong([mutant], [mutant])) == 2
