"""Landing without dlt: the same Parquet files, sooner, for tests of what comes after it."""

from collections.abc import Generator
from contextlib import contextmanager

import pyarrow as pa
import pyarrow.parquet
import pytest

from pipelines import feed, load
from pipelines.feed import Segment, Told
from pipelines.home import Home
from pipelines.lines import LINES


@contextmanager
def landing() -> Generator[pytest.MonkeyPatch]:
    """Leaves dlt out of the cycles that are run in it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(load, "load", _load)
        patch.setattr(load, "prepare", lambda _: None)
        yield patch


def _load(home: Home, segments: list[Segment], told: list[Told], contacts: pa.Table) -> load.Loaded:
    """load.load; a file a cycle, as what DuckDB has read of one it keeps."""
    tables = [*feed.read(segments, told), LINES.empty_table()]
    return load.Loaded(
        _written(home, "line", pa.concat_tables(tables)) if segments else "",
        _written(home, "contact", contacts) if len(contacts) else "",
    )


def _written(home: Home, name: str, rows: pa.Table) -> str:
    path = home.dlt / f"{name}-{len(list(home.dlt.iterdir()))}.parquet"
    pa.parquet.write_table(rows, path)
    return str(path)
