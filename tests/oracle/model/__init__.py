"""A plain model of the hub: dictionaries, its own reading of the rules, no code of the hub's."""

from collections.abc import Callable, Sequence
from datetime import datetime

from . import making, messages, order, receipts, transfers
from .places import Places
from .queues import Queues
from .state import Change, Options, Sent, State

Told = tuple[int, str, Sequence[tuple[str, str, str, str | None, str]]]
# site, segment's name, lines: table, id, action, text of the record, text of the line


class Model:
    """The hub as the rules have it."""

    def __init__(self, options: Options, made_id: Callable[[str], str]) -> None:
        self.state = State(options, made_id=made_id)
        self.queues = Queues()

    def cycle(
        self,
        segments: Sequence[Told],
        clock: datetime,
        retried: Sequence[int] = (),
        initialised: Sequence[int] = (),
    ) -> None:
        """One cycle over the segments that wait.

        `retried` are places of changes to judge again, `initialised` sites to begin anew.
        """
        state = self.state
        state.cycle += 1
        state.clock = clock
        state.rehomed = {}
        for at in retried:
            state.changes[at].asked = True
        for site, name, lines in sorted(segments, key=self._turn):
            content = order.digest("".join(line[4] + "\n" for line in lines))
            if (site, content) in state.segments:
                continue
            state.segments.add((site, content))
            for number, (table, id_, action, text, _) in enumerate(lines, 1):
                state.cursor += 1
                state.changes.append(
                    Change(state.cursor, site, table, id_, action, text, clock, (name, number))
                )
        order.judge(state)
        making.make(state, {site for site, _, _ in segments}, set())
        transfers.transfer(state)
        order.judge(state)  # what waited for a half that the hub made
        receipts.count(state)
        places = Places(state)
        state.initialised = set(initialised) & places.open
        self.queues.fill(state, places)

    def _turn(self, told: Told) -> tuple[int, int, str]:
        """The central's, the primary's, then the others' by number, each by name."""
        site, name, _ = told
        first = (self.state.options.central, self.state.options.primary)
        return (first.index(site) if site in first else len(first), site, name)


__all__ = ["Model", "Options", "Sent", "State", "messages"]
