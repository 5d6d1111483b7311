"""Turns the rules' SQL, a place at a time, and counts how many mutants the golden cases kill.

    python -m tests.mutation [--rules collector making transfers routing] [--sample N] [--seed N]
                             [--workers N]

A mutant is killed when a case fails, or when its SQL is refused by a check or by DuckDB. What
survives is printed with its place; the exit status is 1 under 90 per cent. Cases of the rule whose
file is turned (named in it: T1, O9, R5…) are tried first.
"""

import argparse
import importlib
import random
import re
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import replace
from functools import cache
from pathlib import Path

from pipelines.home import Home
from tests.mutation.mutants import Mutant, mutants

ROOT = Path(__file__).resolve().parents[2]
RULES = ("collector", "making", "transfers", "routing")
BAR = 0.9
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests" / "rules")]


def killer(mutant: Mutant) -> str | None:
    """The first case that fails on a mutant, in a process that has no other; None: it survives."""
    import scene as scenes

    golden = importlib.import_module("test_golden")
    package = sys.modules[f"pipelines.{mutant.path.parent.name}"]
    name = f"{mutant.path.parent.name}.{mutant.path.stem}"
    model = package.MODELS[name]
    turned = replace(model, query=mutant.text)
    homes = _homes()
    package.MODELS[name] = turned
    try:
        for case in _in_order(mutant, golden.CASES):
            primary, steps = golden.CASES[case]
            with tempfile.TemporaryDirectory() as folder:
                try:
                    with scenes.copied(homes[primary], Path(folder) / "home") as scene:
                        before = dict(scene.rows(golden.OWED))
                        for step in steps:
                            summary = golden.run(scene, step)
                            golden.compare(scene, step.get("expect", {}), summary, before)
                        golden.whole(scene)
                except Exception:
                    return case
        return None
    finally:
        package.MODELS[name] = model


@cache
def _homes() -> dict[int, Home]:
    """The homes that are set up, once a process, with the rules as they are."""
    import scene as scenes

    folder = Path(tempfile.mkdtemp(prefix="mainstem-mutation-"))
    return {primary: scenes.make(folder / str(primary), primary=primary) for primary in (1, 2)}


def _in_order(mutant: Mutant, cases: dict[str, object]) -> list[str]:
    """Every case, those that name a rule of the mutant's file first."""
    rules = set(re.findall(r"\b[OPRTGV]\d+\b", mutant.text.splitlines()[0]))
    words = {mutant.path.stem, *mutant.path.stem.split("_")}
    return sorted(
        cases,
        key=lambda case: (
            not rules & set(re.findall(r"\b[OPRTGV]\d+\b", case)),
            not any(word in case for word in words),
        ),
    )


def main() -> int:
    """Run it; 1 where fewer than nine in ten are killed."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("--rules", nargs="+", choices=RULES, default=RULES)
    parser.add_argument("--sample", type=int, help="Only so many mutants, drawn by the seed.")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    told = parser.parse_args()
    found = [
        mutant
        for rule in told.rules
        for path in sorted((ROOT / "pipelines" / rule).glob("*.sql"))
        for mutant in mutants(path)
    ]
    if told.sample and told.sample < len(found):
        found = random.Random(told.seed).sample(found, told.sample)
    print(f"{len(found)} mutants, seed {told.seed}", flush=True)
    started, survivors, done = time.monotonic(), [], 0
    with ProcessPoolExecutor(told.workers) as pool:
        futures = {pool.submit(killer, mutant): mutant for mutant in found}
        for future in as_completed(futures):
            done += 1
            if future.result() is None:
                survivors.append(futures[future])
                print(f"survives: {futures[future]}", flush=True)
            if done % 20 == 0:
                print(f"  {done} of {len(found)}, {time.monotonic() - started:.0f} s", flush=True)
    killed = len(found) - len(survivors)
    print(f"{killed} of {len(found)} killed: {killed / len(found):.1%}")
    return 0 if killed >= BAR * len(found) else 1


if __name__ == "__main__":
    sys.exit(main())
