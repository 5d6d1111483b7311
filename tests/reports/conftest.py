"""Homes for the tests of the reports."""

import sys
from collections.abc import Callable, Generator, Iterable
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))  # for the module scene

import scene as scenes
from book import Book, items_of
from scene import Line

from pipelines.home import Home

PLACES: list[Line] = [
    ["name", "NAMEA", {"code": "A", "type": "store", "custom_data": {"region": "North"}}],
    ["name", "NAMEA2", {"code": "A2", "type": "store", "custom_data": '{"region":"North"}'}],
    ["name", "NAMEB", {"code": "B", "type": "store", "custom_data":
                       {"region": "South", "district": "Coast", "type": "Clinic"}}],
]  # fmt: skip


@pytest.fixture(scope="session")
def set_up(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The home that is set up, with its reports; not to be changed."""
    made = scenes.make(tmp_path_factory.mktemp("set-up") / "home")
    with scenes.opened(made) as scene:
        scene.cycle({1: PLACES}, marts=True)
    return made


@pytest.fixture
def book(set_up: Home, tmp_path: Path) -> Generator[Book]:
    """A test's own book."""
    with scenes.copied(set_up, tmp_path / "home") as scene:
        yield Book(scene)


@pytest.fixture(scope="module")
def written(
    set_up: Home, tmp_path_factory: pytest.TempPathFactory
) -> Generator[Callable[[Iterable[Line]], Book]]:
    """Write a module's one book; its tests only read it."""
    with scenes.copied(set_up, tmp_path_factory.mktemp("written") / "home") as scene:

        def write(lines: Iterable[Line]) -> Book:
            book = Book(scene)
            items = [["item", id, {"code": id, "item_name": id}] for id in items_of(lines)]
            book.cycle({1: [*items, ["name", "INVAD2", {"code": "loss", "type": "invad"}]]})
            book.cycle({101: lines})
            return book

        yield write
