"""The mutation testing of the rules tells what a case kills from what it cannot tell apart."""

from collections.abc import Callable

import pytest

from pipelines.home import Home
from tests.mutation import cases, survivors
from tests.mutation.fates import KILLED, examine, share
from tests.mutation.mutants import all_mutants


def test_a_case_kills_a_mutant_and_lets_others_live(
    homes: Callable[[int], Home], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cases, "set_up", homes)
    found = [
        next(one for one in all_mutants(["routing"], ["central_store"]) if one.stands.endswith(end))
        for end in (
            "store_seen.level = 'transfer'",  # other rows, other queues
            "'R3~' as rule",  # other rows, which no queue tells
            "store_seen.level <> 'transfer~'",  # the same rows: no site has a transfer copy of it
        )
    ]
    fates = [0, 0, 0]
    share(found, fates, tries=8)
    examine("R3 a store that is visible nowhere goes to its own site only")
    assert fates == [KILLED, 1, 0]


def test_the_list_of_survivors_has_mutants_only() -> None:
    assert survivors.wrong(all_mutants(), ()) == []
    mutant = all_mutants(["routing"], ["central_store"])[0]
    monkey = {mutant.key: "", (mutant.model, "a line", "turned"): ""}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(survivors, "reasons", lambda: monkey)
        assert len(survivors.wrong([mutant], [mutant])) == 2
