"""A cycle's two feeds, lines and contacts, as Parquet files, in one dlt run."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from pipelines import feed
from pipelines.feed import Segment, Told
from pipelines.home import Home

STAGING, STATE, PROJECT = "staging", "pipelines", "project"  # folders in the home's dlt/
# Without a file of secrets dlt asks Streamlit for some, which it imports to do so.
SECRETS = "# dlt is given no secrets here.\n"


def prepare(home: Home) -> None:
    """Import what a run of dlt needs, and give dlt a project of its own in the home.

    It takes seconds that are no part of a cycle's. What stands in the working directory's `.dlt`
    is another project's, and not read; dlt's folder of the user still is.
    """
    project = Path(home.dlt).absolute() / PROJECT
    secrets = project / ".dlt/secrets.toml"
    secrets.parent.mkdir(parents=True, exist_ok=True)
    secrets.write_text(SECRETS, encoding="utf-8")
    os.environ["DLT_PROJECT_DIR"] = str(project)
    import dlt
    import dlt.sources.helpers.requests
    import pyarrow.dataset
    import pyarrow.parquet  # noqa: F401
    from dlt.destinations import filesystem

    _ = filesystem
    dlt.config.get("mainstem", str)  # reads the settings


@dataclass(frozen=True)
class Loaded:
    """The Parquet files of each feed, as a pattern; empty where it brought nothing."""

    lines: str = ""
    contacts: str = ""


def load(home: Home, segments: list[Segment], told: list[Told], contacts: pa.Table) -> Loaded:
    """Bring all lines and contacts, as Arrow, to Parquet files in dlt/.

    `told` is filled with what each segment told.
    """
    import dlt
    from dlt.destinations import filesystem

    # What an earlier, killed run left is dropped: nothing depends on dlt for once-only.
    folder = Path(home.dlt).absolute()
    for left in (STAGING, STATE):
        shutil.rmtree(folder / left, ignore_errors=True)

    @dlt.resource(name="line", write_disposition="replace")
    def line() -> Iterator[pa.Table]:
        yield from feed.read(segments, told)

    @dlt.resource(name="contact", write_disposition="replace")
    def contact() -> Iterator[pa.Table]:
        yield contacts

    feeds = {"line": line, "contact": contact}
    brought = [name for name, some in (("line", segments), ("contact", len(contacts))) if some]
    pipeline = dlt.pipeline(
        "mainstem",
        destination=filesystem((folder / STAGING).as_uri()),
        dataset_name="feed",
        pipelines_dir=str(folder / STATE),
    )
    pipeline.run([feeds[name] for name in brought], loader_file_format="parquet")
    return Loaded(
        *(
            str(folder / STAGING / f"feed/{name}/*.parquet") if name in brought else ""
            for name in feeds
        )
    )
