"""Writes a report as a table, CSV, JSON, Excel or Parquet, to the terminal or a file."""

import json
import math
import sys
from collections.abc import Callable
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import polars as pl

from pipelines.errors import MainstemError
from warehouse.catalogue import FORMS

BINARY = ("xlsx", "parquet")
WHOLE = 2**53  # from here on a fraction's type holds no single units


def write(frame: pl.DataFrame, title: str, form: str | None, output: Path | None) -> None:
    """Write rows in a format (default: by the file's ending, else a table) to a file or stdout."""
    chosen = form or (output.suffix.removeprefix(".") if output else "table")
    if chosen not in FORMS:
        raise MainstemError(
            f"{output} has no ending that says a format. Add --format {', '.join(FORMS)}."
        )
    if chosen in BINARY and output is None and sys.stdout.isatty():
        raise MainstemError(f"{chosen} is no text for a terminal. Name a file with --output.")
    put(formed(frame, title, chosen), output)


def formed(frame: pl.DataFrame, title: str, form: str) -> bytes:
    """Rows in one of FORMS."""
    made: dict[str, Callable[[], bytes]] = {
        "table": lambda: _table(frame).encode(),
        "csv": lambda: csv(frame),
        "json": lambda: _json(frame).encode(),
        "xlsx": lambda: _excel(frame, title),
        "parquet": lambda: _parquet(frame),
    }
    return made[form]()


def put(content: bytes, output: Path | None) -> None:
    """Write to a file, whole or not at all, or to stdout."""
    if output is None:
        sys.stdout.buffer.write(content)
        sys.stdout.flush()
        return
    part = output.with_name(f".{output.name}.part")
    try:
        part.write_bytes(content)
        part.rename(output)
    except OSError as error:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise MainstemError(f"{output} cannot be written: {error.strerror}.") from error


def csv(frame: pl.DataFrame) -> bytes:
    """A header line, commas, quotes where needed, ISO dates, numbers without needless decimals."""
    empty = [
        pl.col(name).replace("", None) for name, kind in frame.schema.items() if kind == pl.String
    ]
    return frame.with_columns(_plain(frame) + empty).write_csv().encode()


def _plain(frame: pl.DataFrame) -> list[pl.Expr]:
    """The columns of fractions, as text without needless decimals."""
    columns = [pl.col(name) for name, kind in frame.schema.items() if kind.is_float()]
    return [
        pl.when(column.round() == column, column.abs() < WHOLE)
        .then(column.cast(pl.Int64, strict=False).cast(pl.String))
        .when(column.is_finite())
        .then(column.cast(pl.String))
        for column in columns
    ]


def _table(frame: pl.DataFrame) -> str:
    if not frame.height:
        return "There are no rows.\n"
    texts = frame.with_columns(_plain(frame)).select(pl.all().cast(pl.String).fill_null(""))
    right = [kind.is_numeric() for kind in frame.schema.values()]
    widths = [max(len(name), *map(len, texts[name])) for name in texts.columns]

    def line(cells: tuple[str, ...]) -> str:
        told = zip(cells, widths, right, strict=True)
        return "  ".join(c.rjust(w) if r else c.ljust(w) for c, w, r in told).rstrip()

    head = [line(tuple(texts.columns)), line(tuple("-" * width for width in widths))]
    return "\n".join([*head, *(line(row) for row in texts.rows())]) + "\n"


def _json(frame: pl.DataFrame) -> str:
    rows = [
        {key: _number(value) if isinstance(value, float) else value for key, value in row.items()}
        for row in frame.iter_rows(named=True)
    ]
    return json.dumps(rows, ensure_ascii=False, default=str) + "\n"


def _number(value: float) -> float | int | None:
    """A number as JSON has it: whole without a point; what is too large to tell is null."""
    if not math.isfinite(value):
        return None
    return int(value) if float(value).is_integer() and abs(value) < WHOLE else value


def _excel(frame: pl.DataFrame, title: str) -> bytes:
    out = BytesIO()
    frame.write_excel(
        out,
        worksheet=title[:31],
        freeze_panes=(1, 0),
        autofit=True,
        dtype_formats={pl.Float64: "General", pl.Int64: "0", pl.Int32: "0"},
    )
    return out.getvalue()


def _parquet(frame: pl.DataFrame) -> bytes:
    out = BytesIO()
    frame.write_parquet(out)
    return out.getvalue()
