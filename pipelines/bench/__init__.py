"""The benchmarks: whole cycles over made feeds, compared within one run on one machine."""

from pipelines.bench.cycle import cycle
from pipelines.bench.ingest import ingest
from pipelines.bench.initialise import initialise
from pipelines.bench.refused import refused

__all__ = ["cycle", "ingest", "initialise", "refused"]
