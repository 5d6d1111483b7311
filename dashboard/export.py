"""Rows as files: CSV by the interface's rules, Excel with a header block and real dates."""

from io import BytesIO

import polars as pl
import xlsxwriter

EXCEL_ROWS = 1_000_000  # a sheet holds 1,048,576
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
QUANTITY, MONEY, RATE = "#,##0.######", "#,##0.00", "#,##0.0"
FORMATS = {"value": MONEY, "amc": RATE, "months_of_stock": "0.0"}


def csv(rows: pl.DataFrame) -> bytes:
    """A header line, commas, quotes where needed, ISO dates, numbers without needless decimals."""
    plain = [_plain(pl.col(name)) for name, kind in rows.schema.items() if kind.is_float()]
    return rows.with_columns(plain).write_csv().encode()


def _plain(number: pl.Expr) -> pl.Expr:
    whole = number == number.round()
    return (
        pl.when(whole).then(number.cast(pl.Int64).cast(pl.String)).otherwise(number.cast(pl.String))
    )


def excel(rows: pl.DataFrame, title: str, about: list[str]) -> bytes:
    """A workbook of one sheet: title, the lines of `about`, then the rows under a frozen header.

    Numbers are numbers, times are times in UTC, and text stays text even when it begins with `=`.
    """
    out = BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with xlsxwriter.Workbook(out, options) as book:
        sheet = book.add_worksheet(title[:31])
        sheet.write_string(0, 0, title, book.add_format({"bold": True, "font_size": 14}))
        for at, line in enumerate(about, start=1):
            sheet.write_string(at, 0, line, book.add_format({"font_color": "#5b6770"}))
        top = len(about) + 2
        typed(rows).write_excel(
            book,
            sheet,
            position=(top, 0),
            table_style="Table Style Light 1",
            column_formats={name: form for name, form in FORMATS.items() if name in rows.columns},
            dtype_formats={
                pl.Float64: QUANTITY,
                pl.Int64: "#,##0",
                pl.Int32: "0",
                pl.Datetime: "yyyy-mm-dd hh:mm",
            },
            freeze_panes=(top + 1, 0),
            autofit=True,
        )
    return out.getvalue()


def typed(rows: pl.DataFrame) -> pl.DataFrame:
    """The same rows with the report's times, which are ISO text, as times in UTC."""
    times = [
        name for name in rows.columns if name.endswith("_contact") and rows[name].dtype == pl.String
    ]
    return rows.with_columns(pl.col(times).str.to_datetime("%Y-%m-%dT%H:%M:%SZ"))
