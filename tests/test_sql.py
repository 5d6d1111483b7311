"""The checks of a model's header: a breach stops the stage and shows the row."""

import dataclasses
from pathlib import Path

import duckdb
import emptiness
import pytest

from pipelines import making, outbox, routing, sql, transfers
from pipelines.collector import MODELS as COLLECTOR
from warehouse import marts

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


@pytest.mark.parametrize("load", ["working", "more", "rebuild"])
def test_where_what_it_is_given_has_no_rows_a_query_is_not_run(tmp_path: Path, load: str) -> None:
    told = model(tmp_path, "-- given: first, second\n-- given: third", "select count(*) as number")
    told = dataclasses.replace(told, load=load, name="main.letter")
    with duckdb.connect() as con:
        for name in ("first", "second", "third"):
            con.execute(f"create table {name} (number integer)")
        for name in ("second", "third"):
            assert sql.run(con, told) == 0
            assert con.execute("select number from letter").fetchall() == []
            con.execute(f"insert into {name} values (1)")
        assert sql.run(con, told) == 1
        assert con.execute("select number from letter").fetchall() == [(1,)]


def test_what_is_in_scope_is_exchanged_and_only_what_is_new_is_checked(tmp_path: Path) -> None:
    told = model(tmp_path, "-- key: number", "select number from made")
    told = dataclasses.replace(
        told, name="main.letter", load="replace", scope=("touched", "number")
    )
    with duckdb.connect() as con:
        con.execute("create table touched (number integer); create table made (number integer)")
        con.execute("create table letter as from (values (1), (2), (3), (3)) as told (number)")
        con.execute("insert into touched values (1), (2); insert into made values (2), (4)")
        assert sql.run(con, told) == 2
        assert con.execute("from letter order by all").fetchall() == [(2,), (3,), (3,), (4,)]
        con.execute("insert into made values (4)")
        with pytest.raises(sql.CheckError, match="number stands twice"):
            sql.run(con, told)


MODELS = (
    COLLECTOR | making.MODELS | transfers.MODELS | routing.MODELS | outbox.MODELS | marts.MODELS
)
GIVEN = [name for name, told in MODELS.items() if told.given]


@pytest.fixture(scope="module")
def views() -> emptiness.Views:
    found: emptiness.Views = {}
    with duckdb.connect() as con:
        for _ in range(2):  # a view may read another one
            for name, told in MODELS.items():
                if told.load == "view":
                    found[name.split(".")[1]] = emptiness.clauses(con, told.query, found)
    return found


@pytest.mark.parametrize("name", GIVEN)
def test_what_a_query_is_given_leaves_it_empty_as_sql_says(
    name: str, views: emptiness.Views
) -> None:
    with duckdb.connect() as con:
        clauses = emptiness.clauses(con, MODELS[name].query, views)
    for line in MODELS[name].given:
        assert any(clause <= set(line) for clause in clauses), f"{name}: {line} of {clauses}"
