"""The checks of a model's header: a breach stops the stage and shows the row."""

from pathlib import Path

import duckdb
import pytest

from pipelines import sql

HEAD = "-- description: One row per number and letter.\n-- load: working\n"
TWO = "select * from (values (1, 'a'), (1, 'b')) as told (number, letter)"
TWICE = "select * from (values (1, 'a'), (2, 'a'), (1, 'a')) as told (number, letter)"
NOTHING = "select * from (values (null, 'a'), (null, 'a')) as told (number, letter)"


def model(path: Path, header: str, query: str) -> sql.Model:
    file = path / "letter.sql"
    file.write_text(f"{HEAD}{header}\n{query}\n", encoding="utf-8")
    return sql.read(file)


@pytest.mark.parametrize("query", [TWICE, NOTHING], ids=["twice", "nothing twice"])
def test_a_key_that_stands_twice(tmp_path: Path, query: str) -> None:
    with (
        duckdb.connect() as con,
        pytest.raises(sql.CheckError, match=r"number, letter stands.*'a'"),
    ):
        sql.run(con, model(tmp_path, "-- key: number, letter", query))


def test_a_key_of_two_columns_may_repeat_one(tmp_path: Path) -> None:
    with duckdb.connect() as con:
        assert sql.run(con, model(tmp_path, "-- key: number, letter", TWO)) == 2


def test_a_row_that_breaks_a_condition(tmp_path: Path) -> None:
    with duckdb.connect() as con, pytest.raises(sql.CheckError, match="breaks 'letter = 'a'"):
        sql.run(con, model(tmp_path, "-- assert: letter = 'a'", TWO))
