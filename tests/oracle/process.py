"""A cycle as a process of its own runs it: the home opened anew, loaded by dlt, reports and all."""

from collections.abc import Callable, Sequence
from datetime import datetime

import pytest

from pipelines import cycle, runs
from pipelines.home import Home
from pipelines.hub import Hub


class DiedError(BaseException):
    """The process ended when a stage's work was done and nothing of it committed."""


def run(home: Home, clock: datetime, crashes: Sequence[str] = (), sync: bool = False) -> None:
    """One cycle at a moment, begun anew after each crash, at last as Dagster's run (`sync`)."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MAINSTEM_NOW", clock.isoformat())
        for stage in sorted(set(crashes), key=list(cycle.STAGES).index):
            with pytest.MonkeyPatch.context() as dying, pytest.raises(DiedError):
                dying.setitem(cycle.STAGES, stage, _dies(stage))
                cycle.run(home)
        (runs.sync if sync else cycle.run)(home)


def _dies(stage: str) -> Callable[[Hub], None]:
    work = cycle.STAGES[stage]

    def die(hub: Hub) -> None:
        work(hub)
        raise DiedError

    return die
