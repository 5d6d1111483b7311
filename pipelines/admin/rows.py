"""Rows of a query as people and JSON get them: by column, moments as reports write them."""

import sqlite3
from datetime import datetime
from typing import Any

import duckdb

from pipelines.cycle import clock_of


def rows(
    con: duckdb.DuckDBPyConnection | sqlite3.Connection, query: str, *given: object
) -> list[dict[str, Any]]:
    """Every row of a query, by column."""
    cursor = con.execute(query, list(given))
    names = [column[0] for column in cursor.description or ()]
    return [
        {
            name: clock_of(cell) if isinstance(cell, datetime) else cell
            for name, cell in zip(names, row, strict=True)
        }
        for row in cursor.fetchall()
    ]
