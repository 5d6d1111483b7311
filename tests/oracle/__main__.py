"""The oracle for longer: `python -m tests.oracle --histories 5000 --seed N [--groups …]`.

Prints the seed, what it has tried, and of a history in which hub and model differ the smallest one
found, to be tried again by `--replay FILE`.
"""

import argparse
import random
import sys
from itertools import cycle
from pathlib import Path

from .compare import Difference
from .histories import AGREED
from .history import dump, load
from .sample import drawn
from .test_oracle import SETTINGS
from .trial import PACK, Trial, batches

WHOLE = 20  # a pack in so many is driven in cycles as a process runs them


def main() -> int:
    """0 when hub and model agreed throughout."""
    parser = argparse.ArgumentParser(prog="python -m tests.oracle", description=__doc__)
    parser.add_argument("--histories", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--groups", default=",".join(AGREED))
    parser.add_argument("--settings", type=int, help="one of the hub's settings, by its place")
    parser.add_argument("--replay", type=Path)
    told = parser.parse_args()
    groups = tuple(told.groups.split(","))
    chosen = SETTINGS if told.settings is None else [SETTINGS[told.settings]]
    if told.replay:
        history = load(told.replay.read_text(encoding="utf-8"))
        found = [Trial(options).differing([history]) for options in chosen]
        show(
            [difference for one in found for differing in one.values() for difference in differing]
        )
        return any(found)
    print(f"seed {told.seed}", flush=True)
    done = 0
    packs = batches(drawn(told.histories, groups, told.seed), PACK)
    for at, (options, pack) in enumerate(zip(cycle(chosen), packs, strict=False), start=1):
        trial = Trial(options, whole=at % WHOLE == 0)
        if found := trial.differing(pack):
            small, differences = trial.shrunk(pack[min(found)])
            print(f"history {done + min(found)} of seed {told.seed} differs, {options}")
            show(differences or found[min(found)])
            print(dump(small))
            return 1
        done += len(pack)
        print(f"{done} histories agree", flush=True)
    return 0


def show(differences: list[Difference]) -> None:
    """Print them, or that there are none."""
    print("\n".join(map(str, differences)) or "hub and model agree")


if __name__ == "__main__":
    sys.exit(main())
