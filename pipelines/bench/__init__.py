"""The benchmarks: whole cycles over made feeds, compared within one run; a gateway under load."""

from pipelines.bench.country import country
from pipelines.bench.cycle import cycle
from pipelines.bench.gateway import gateway
from pipelines.bench.ingest import ingest
from pipelines.bench.initialise import initialise
from pipelines.bench.refused import refused
from pipelines.bench.transfer import transfer

__all__ = ["country", "cycle", "gateway", "ingest", "initialise", "refused", "transfer"]
