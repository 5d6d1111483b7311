"""A report is read beside others: what it keeps on the disk is its own, and gone with it."""

from pathlib import Path

import pytest
from book import Book

from pipelines.errors import MainstemError
from warehouse import report

SPILLS = "select current_setting('temp_directory')"


def test_what_spills_has_a_folder_of_its_own_as_long_as_it_is_read(book: Book) -> None:
    book.cycle()
    path = book.scene.hub.home.reports
    with report.opened(path) as one, report.opened(path) as other:
        folders = [Path(con.execute(SPILLS).fetchall()[0][0]) for con in (one, other)]
        assert len(set(folders)) == 2
        for con, folder in zip((one, other), folders, strict=True):
            con.execute("set memory_limit = '40MB'")
            con.execute("create temp table spilled as select hash(range) as it from range(8000000)")
            assert list(folder.iterdir())
        for con in (other, one):
            told = con.execute("select count(*), bit_xor(it) from spilled").fetchall()
            assert (
                told
                == con.execute(
                    "select 8000000, bit_xor(hash(range)) from range(8000000)"
                ).fetchall()
            )
    assert not any(map(Path.exists, folders))


def test_what_does_not_fit_in_memory_is_told_plainly(book: Book) -> None:
    book.cycle()
    question = "select list(range) from range(50000000)"
    with (
        pytest.raises(MainstemError, match="does not fit in memory"),
        report.opened(book.scene.hub.home.reports, memory="20MB") as con,
    ):
        con.execute(question).fetchall()
