"""Reading a queue's files in batches: order, places, resets, files that come later."""

from pathlib import Path

import pytest

from pipelines.gateway.log import Log, Queue


def publish(folder: Path, first: int, *lines: str) -> None:
    folder.mkdir(exist_ok=True)
    path = folder / f"{first:012d}-{first + len(lines) - 1:012d}.ndjson"
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


@pytest.fixture
def log(tmp_path: Path) -> Log:
    return Queue(tmp_path / "101", tmp_path / "superseded")


def numbers(log: Log, after: int, limit: int) -> list[int]:
    log.refresh()
    return [number for number, _ in log.after(after, limit)]


def test_a_queue_that_was_never_published_is_empty(log: Log) -> None:
    assert (numbers(log, 0, 5), log.last, log.begin) == ([], 0, 0)


@pytest.mark.parametrize("size", [1, 2, 3, 7, 100])
def test_batches_follow_one_another_over_files_whatever_their_size(log: Log, size: int) -> None:
    first = 1
    for count in (3, 1, 5, 2):
        publish(log.folder, first, *(f"line {first + n}" for n in range(count)))
        first += count
    log.refresh()
    found: list[tuple[int, bytes]] = []
    while batch := log.after(found[-1][0] if found else 0, size):
        assert len(batch) <= size
        found += batch
    assert found == [(n, f"line {n}\n".encode()) for n in range(1, 12)]


def test_any_place_may_be_asked_for_again(log: Log) -> None:
    publish(log.folder, 1, *"abcdef")
    publish(log.folder, 7, *"ghi")
    assert numbers(log, 0, 4) == [1, 2, 3, 4]
    assert numbers(log, 4, 4) == [5, 6, 7, 8]
    for _ in range(2):
        assert numbers(log, 2, 2) == [3, 4]
    assert numbers(log, 8, 4) == [9]
    assert numbers(log, 9, 4) == numbers(log, 99, 4) == []
    for after in range(9):  # more places than are remembered
        assert numbers(log, after, 1) == [after + 1]


def test_what_is_published_later_is_found_at_once(log: Log) -> None:
    for number in range(1, 30):
        publish(log.folder, number, "x")
        log.refresh()
        assert log.last == number


def test_a_reset_is_where_what_is_owed_begins(log: Log) -> None:
    publish(log.folder, 1, '{"sequence":1,"tableName":"x"}')
    publish(log.folder, 2, '{"sequence":2,"action":"reset"}', '{"sequence":3}')
    publish(log.folder, 4, '{"sequence":4,"recordId":"reset","recordData":{"action":"reset"}}')
    log.refresh()
    assert (log.begin, log.last) == (2, 4)
