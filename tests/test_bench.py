"""The benchmarks, each once and small: what they measure is what they say."""

from pathlib import Path

import pytest

from pipelines import bench
from pipelines.bench import measure
from pipelines.errors import MainstemError


def test_a_cycle_into_a_large_warehouse_and_into_an_empty_one(tmp_path: Path) -> None:
    heard: list[str] = []
    told = bench.cycle(tmp_path, 2100, 30, 60, runs=1, tell=heard.append)
    assert (told["changes"], told["accepted"], told["segments"]) == (60, 60, 30)
    # Two of thirty ship to another store: the hub makes two halves, and queues them at least.
    assert told["made"] == 2
    assert told["published"]["sites"] >= 2
    assert told["ratio"] == round(told["seconds"] / told["empty_seconds"], 2)
    assert "filling: 0 of 2,100 records" in heard


def test_refused_lines(tmp_path: Path) -> None:
    told = bench.refused(tmp_path, 1400, 100, runs=1)
    assert told["refused"] == 100


def test_an_initialised_site_gets_the_records_of_every_store(tmp_path: Path) -> None:
    told = bench.initialise(tmp_path, 1400, runs=1)
    assert told["records"] >= 1400
    assert told["records_per_second"] == round(told["records"] / told["seconds"])
    assert told["over_http"]["records"] == told["records"] - 1, "the reset is for files only"
    assert 0 < told["over_http"]["seconds_to_first_batch"] <= told["over_http"]["seconds"]


def test_a_shipment_comes_to_the_other_queue(tmp_path: Path) -> None:
    told = bench.transfer(tmp_path, 1400, 1)
    assert 0 < told["seconds"]["median"] == told["seconds"]["max"] < 60


def test_a_gateway_under_load(tmp_path: Path) -> None:
    told = bench.gateway(tmp_path, 100, 70, 2)
    assert (told["calls"], told["errors"], told["pushes"]) == (140, 0, 200)
    assert 0 < told["idle_ms"]["p50"] <= told["idle_ms"]["p99"] <= told["idle_ms"]["max"]
    assert len(list((tmp_path / "home/inbox").glob("*/.push.part"))) == 100


def test_a_measurement_that_fails_says_why(tmp_path: Path) -> None:
    with pytest.raises(MainstemError, match=r"^The measurement of a bare failed: .*nowhere"):
        measure.child("bare", "select * from nowhere", tmp_path / "bare.duckdb")
