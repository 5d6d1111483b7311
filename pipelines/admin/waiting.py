"""What the central has said that no cycle has taken yet: the lines that wait in its own inbox."""

import re
from collections.abc import Iterator

from pipelines import feed
from pipelines.envelope import Envelope, MalformedError, take_apart
from pipelines.feed import Segment, Told
from pipelines.home import Home

Line = Envelope


def lines(home: Home, tables: tuple[str, ...]) -> list[Line]:
    """The central's lines that wait for these tables, in order.

    Merges are left out, and what the cycle will refuse: damaged segments, lines that are no change.
    """
    central = home.settings().central
    folder = home.inbox / str(central)
    if not folder.is_dir():
        return []
    named = re.compile(rf'"tableName"\s*:\s*"(?:{"|".join(tables)})"')
    found = []
    for path in sorted(folder.iterdir(), key=lambda path: path.name):
        if feed.is_segment(path):
            texts = _texts(Segment(central, path.name, path))
            found += [line for line in map(_line, filter(named.search, texts)) if line]
    return [line for line in found if line.table_name in tables and line.action != "merge"]


def _texts(segment: Segment) -> Iterator[str]:
    told: list[Told] = []
    tables = list(feed.read([segment], told))
    if told[0].damage:
        return
    for table in tables:
        yield from table["text"].to_pylist()


def _line(text: str) -> Line | None:
    try:
        return take_apart(text)
    except MalformedError:
        return None
