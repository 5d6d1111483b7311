"""Turns the rules' SQL, a place at a time, and counts how many mutants the cases kill.

    python -m tests.mutation [--rules collector making transfers routing] [--files NAME …]
                             [--sample N] [--seed N] [--tries N] [--cases WORD …] [--minutes N]
                             [--workers N] [--kept FILE]

A case is a golden one, or a pack of the oracle's histories ("oracle 0" and so on). A mutant is
killed when a case fails with it, or when its SQL is refused by a check or by DuckDB, or never ends.
A case is run only with mutants that make other rows in it (see weak), and with each of them only
from the rule on that does; a mutant that so many cases as `tries` say do not kill is given up.
What survives is printed with its place, apart from what `survivors.csv` says no case can kill. The
exit status is 1 under 90 per cent, or where that list is wrong.
"""

import argparse
import multiprocessing
import random
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from typing import cast

from tests.mutation import plays, survivors
from tests.mutation.fates import KILLED, Fates, examine, keep, share, take_up
from tests.mutation.mutants import RULES, Mutant, all_mutants

BAR = 0.9


def report(found: list[Mutant], fates: Fates) -> int:
    """Print figures and survivors; the exit status."""
    listed = survivors.reasons()
    killed = {one for one, fate in zip(found, fates, strict=True) if fate == KILLED}
    counts = Counter[tuple[str, str]]()
    for mutant, fate in zip(found, fates, strict=True):
        known = mutant.key in listed
        told = "killed" if mutant in killed else "listed" if known else "survives"
        counts[mutant.path.parent.name, told] += 1
        if told == "survives":
            print(f"survives, in {fate} cases with other rows: {mutant}")
    for rule in RULES:
        if figures := {told: n for (of, told), n in sorted(counts.items()) if of == rule}:
            print(rule, *(f"{told} {n}" for told, n in figures.items()))
    wrong = survivors.wrong(all_mutants(), killed)
    print("\n".join(wrong), end="\n" if wrong else "")
    print(f"{len(killed)} of {len(found)} killed: {len(killed) / len(found):.1%}")
    return 0 if len(killed) >= BAR * len(found) and not wrong else 1


def drawn(rule: str, told: argparse.Namespace) -> list[Mutant]:
    """The mutants of a folder, or a sample of them that the seed draws."""
    found = all_mutants([rule], told.files)
    size = min(told.sample or len(found), len(found))
    return random.Random(f"{told.seed} {rule}").sample(found, size)


def main() -> int:
    """Run it; 1 where fewer than nine in ten are killed, or the list of survivors is wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("--rules", nargs="+", choices=RULES, default=RULES)
    parser.add_argument("--files", nargs="+", default=(), help="Only SQL files of these names.")
    parser.add_argument("--sample", type=int, help="Only so many mutants of each folder.")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--tries", type=int, default=8)
    parser.add_argument("--cases", nargs="+", default=("",), help="Only cases named with a word.")
    parser.add_argument("--minutes", type=float, default=1e6, help="Run no more cases after it.")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument(
        "--kept", type=Path, help="Go on from the kills in this file, and keep them there."
    )
    told = parser.parse_args()
    if told.kept and not told.kept.parent.is_dir():
        parser.error(f"argument --kept: there is no folder {told.kept.parent}")
    found = [one for rule in told.rules for one in drawn(rule, told)]
    fates = cast(Fates, multiprocessing.RawArray("i", len(found)))
    if told.kept:
        take_up(told.kept, found, fates)
    print(f"{len(found)} mutants, seed {told.seed}", flush=True)
    started, given = time.monotonic(), (found, fates, told.tries)
    fork = multiprocessing.get_context("fork")  # which hands on what is shared
    pool = ProcessPoolExecutor(told.workers, fork, initializer=share, initargs=given)
    # All that is made on disk: a fork ends without clearing up.
    with tempfile.TemporaryDirectory(prefix="mainstem-") as tempfile.tempdir, pool:
        futures = [pool.submit(examine, case) for case in plays.in_order(told.cases)]
        try:
            for done, future in enumerate(as_completed(futures), 1):
                left = sum(KILLED < fate < told.tries for fate in fates)
                seconds = time.monotonic() - started
                print(f"{done} cases, {left} left, {seconds:.0f} s: {future.result()}", flush=True)
                if told.kept:
                    keep(told.kept, found, fates)
                if not left or seconds > 60 * told.minutes:
                    pool.shutdown(cancel_futures=True)
                    break
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    return report(found, fates)


if __name__ == "__main__":
    sys.exit(main())
