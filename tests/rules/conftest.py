"""Homes for the tests of the rules: one that is set up, and one of a mirrored system."""

import sys
from collections.abc import Callable, Generator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))  # for the module scene

import scene as scenes
from scene import Scene

from pipelines.home import Home


@pytest.fixture(scope="session")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], Home]:
    """The home that is set up, by the number of its primary site; not to be changed."""
    made: dict[int, Home] = {}

    def get(primary: int) -> Home:
        if primary not in made:
            path = tmp_path_factory.mktemp("set-up") / "home"
            made[primary] = scenes.make(path, primary=primary)
        return made[primary]

    return get


@pytest.fixture
def scene(homes: Callable[[int], Home], tmp_path: Path) -> Generator[Scene]:
    """The system that is set up, open; a test's own."""
    with scenes.copied(homes(1), tmp_path / "home") as scene:
        yield scene


@pytest.fixture
def mirrored(homes: Callable[[int], Home], tmp_path: Path) -> Generator[Scene]:
    """The same with site 2 as its primary."""
    with scenes.copied(homes(2), tmp_path / "home") as scene:
        yield scene
