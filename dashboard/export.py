"""Rows as an Excel file: a header block that says what they are, real numbers, real times."""

import re
from io import BytesIO

import polars as pl
import xlsxwriter

from warehouse.catalogue import FORMS

EXCEL_ROWS = 1_000_000  # a sheet holds 1,048,576
XLSX = FORMS["xlsx"]
COUNT, DAY, TIME = "#,##0", "yyyy-mm-dd", "yyyy-mm-dd hh:mm"
FORMATS = {
    "site": "0", "cycle": "0", "number": "0", "order_number": "0", "fill_rate": "0.0%",
    "value": "#,##0.00", "cost_per_unit": "#,##0.0000", "amc": "#,##0.0", "distance_km": "0.0",
    "months_of_stock": "0.0", "from_months": "0.0", "to_months": "0.0",
}  # fmt: skip


def excel(rows: pl.DataFrame, title: str, about: list[str]) -> bytes:
    """A workbook of one sheet: title, the lines of `about`, then the rows under a frozen header.

    Numbers are numbers, times are times in UTC, and text stays text even when it begins with `=`.
    """
    out, told = BytesIO(), typed(rows)
    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with xlsxwriter.Workbook(out, options) as book:
        sheet = book.add_worksheet(re.sub(r"[\[\]:*?/\\]", " ", title)[:31].strip("'"))
        sheet.write_string(0, 0, title, book.add_format({"bold": True, "font_size": 14}))
        for at, line in enumerate(about, start=1):
            sheet.write_string(at, 0, line, book.add_format({"font_color": "#5b6770"}))
        top = len(about) + 2
        told.write_excel(
            book,
            sheet,
            position=(top, 0),
            table_style="Table Style Light 1",
            column_formats={column.name: _format(column) for column in told},
            freeze_panes=(top + 1, 0),
            autofit=True,
        )
    return out.getvalue()


def _format(column: pl.Series) -> str:
    """How a column looks: days, times to the minute, thousands apart, decimals if there are any."""
    if column.dtype.is_temporal():
        return DAY if column.dtype == pl.Date else TIME
    if column.name in FORMATS or not column.dtype.is_numeric():
        return FORMATS.get(column.name, "General")
    whole = (column.drop_nulls() % 1 == 0).all()
    return COUNT if whole else "General"


def typed(rows: pl.DataFrame) -> pl.DataFrame:
    """The same rows with the report's times, which are ISO text, as times in UTC."""
    times = [
        name
        for name in rows.columns
        if name.endswith(("_contact", "_at")) and rows[name].dtype == pl.String
    ]
    return rows.with_columns(pl.col(times).str.to_datetime("%Y-%m-%dT%H:%M:%SZ"))
