"""Drives the hub and the model through the same histories, many worlds at a time."""

import json
from collections.abc import Generator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import scene as scenes
from scene import Scene

from pipelines import home

from . import process, world
from .history import History, Line, Segment, Step, line_of, made_id, number
from .model import Model, Options

Lines = list[Line]


@dataclass
class Pair:
    """An open hub and its model, which have seen the same.

    `whole`: every cycle is a process's, else only those that crash. `doors` hold the scene open.
    """

    scene: Scene
    model: Model
    options: Options
    doors: ExitStack
    whole: bool = False
    cursors: list[int] = field(default_factory=list)  # the hub's, of the model's changes

    def step(self, steps: Sequence[tuple[int, Step]]) -> None:
        """One cycle: a step of every world, by the world's number."""
        segments = []
        for place, (at, step) in enumerate(steps):
            for turn, segment in enumerate(step.segments):
                site = number(segment.site, at, self.options.primary)
                told = [line_of(line, at, self.options.primary) for line in segment.lines]
                lines = [known for line in told if (known := self._edited(line))]
                name = f"{self.scene.hub.cycle + 1:06d}-{place:03d}-{turn:03d}"
                segments.append((site, name, lines))
        clock = self.scene.clock + timedelta(days=max((s.days for _, s in steps), default=1))
        self.scene.clock = clock - timedelta(days=1)
        retried = self._retried(sum(step.retry for _, step in steps))
        for site, name, lines in segments:
            self.scene.send(site, [line.text() for line in lines], name=name)
        initialised = self._initialised(steps)
        self._cycle([step.crash for _, step in steps if step.crash])
        self.model.cycle(
            [(site, name, [as_told(line) for line in lines]) for site, name, lines in segments],
            clock,
            retried,
            initialised,
        )
        self._meet()

    def _cycle(self, crashes: Sequence[str]) -> None:
        """The hub's cycle; what another process did is seen by opening its home anew."""
        if not (self.whole or crashes):
            self.scene.cycle()
            return
        home, clock = self.scene.hub.home, self.scene.clock + timedelta(days=1)
        self.doors.close()
        process.run(home, clock, crashes, sync=self.whole)
        self.scene = self.doors.enter_context(scenes.opened(home))
        self.scene.clock = clock

    def _edited(self, line: Line) -> Line | None:
        """An edit as the update that it is now: what the record says, changed; None: no record."""
        if line.action != "edit":
            return line
        stored = self.scene.record(line.table, line.id)
        if not isinstance(stored, dict):
            return None
        return Line("update", line.table, line.id, {**stored, **(line.data or {})}, line.out)

    def _retried(self, wanted: int) -> list[int]:
        """Ask the hub to judge the oldest refused lines again; their places in the model."""
        changes = self.model.state.changes
        settled = {"accepted", "superseded"}
        refused = [at for at, told in enumerate(changes) if told.outcome not in settled][:wanted]
        if refused:
            asked = {"retry": [self.cursors[at] for at in refused]}
            (self.scene.hub.home.requests / "retry.json").write_text(json.dumps(asked))
        return refused

    def _initialised(self, steps: Sequence[tuple[int, Step]]) -> list[int]:
        """Ask the hub to build queues anew; the sites."""
        primary = self.options.primary
        sites = [number(site, at, primary) for at, step in steps for site in step.initialise]
        if sites:
            asked = {"initialise": sites}
            (self.scene.hub.home.requests / "initialise.json").write_text(json.dumps(asked))
        return sites

    def _meet(self) -> None:
        """Find the hub's cursors of the changes of this cycle."""
        told = {
            (site, name, line): cursor
            for site, name, line, cursor in self.scene.rows(
                """
                select segment.site, segment.name, change.line, change.cursor
                from landing.change as change join landing.segment as segment using (segment)
                where change.cycle = ?
                """,
                self.scene.hub.cycle,
            )
        }
        for change in self.model.state.changes[len(self.cursors) :]:
            name, line = change.place
            self.cursors.append(told[(change.site, f"{name}.ndjson", line)])


@contextmanager
def opened(path: Path, options: Options, worlds: int, whole: bool = False) -> Generator[Pair]:
    """A new hub and its model, in which so many worlds are set up."""
    made = home.make(path, central=options.central, primary=options.primary)
    text = made.toml.read_text(encoding="utf-8")
    for key in (
        "prescriptions_follow_patient",
        "repeats_everywhere",
        "patients_edited_where_visible",
    ):
        text = text.replace(f"{key} = false", f"{key} = {str(getattr(options, key)).lower()}")
    made.toml.write_text(text, encoding="utf-8")
    with ExitStack() as doors:
        scene = doors.enter_context(scenes.opened(made))
        pair = Pair(scene, Model(options, made_id), options, doors, whole)
        shared = Step((Segment(1, tuple(world.hub(options.primary))),))
        pair.step([(0, shared), *((at, world.SET_UP) for at in range(worlds))])
        yield pair


def as_told(line: Line) -> tuple[str, str, str, str | None, str]:
    """A line as the model takes it."""
    return line.table, line.id, line.action, line.record(), line.text()


def padded(histories: Sequence[History]) -> list[list[tuple[int, Step]]]:
    """The steps of many histories, cycle by cycle, with the number of the world of each."""
    longest = max(len(history.steps) for history in histories)
    return [
        [(at, told.steps[turn]) for at, told in enumerate(histories) if turn < len(told.steps)]
        for turn in range(longest)
    ]
