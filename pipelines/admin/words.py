"""Names, codes and CSV rows as people type them: what is taken, and what is wrong with the rest."""

import csv
import io
import unicodedata
from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from pipelines.errors import MainstemError

Row = TypeVar("Row")
LONGEST = 255  # characters of a name or a code


class Wrong(ValueError):  # its text is a sentence, not a fault of ours
    """What is wrong with a value, as the rest of a sentence that begins with what it is."""


def plain(text: str, what: str, most: int = LONGEST) -> str:
    """A name or code without the spaces around it; Wrong when it is none."""
    text = unicodedata.normalize("NFC", text.strip())
    if not text:
        raise Wrong(f"{what} is empty")
    if len(text) > most:
        raise Wrong(f"{what} is longer than {most} characters")
    if any(unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp") for letter in text):
        raise Wrong(f"{what} has characters that cannot be shown, such as a line end")
    return text


def number(text: str, what: str, most: int) -> int:
    """A whole number from 1; Wrong when it is none."""
    text = text.strip()
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:12]) <= most):
        raise Wrong(f"{what} is {text!r}, it must be 1 to {most}")
    return int(text)


def choice(text: str, what: str, choices: tuple[str, ...]) -> str | None:
    """One of the words allowed, None for an empty text; Wrong for another."""
    told = text.strip().lower()
    if told and told not in choices:
        raise Wrong(f"{what} is {text!r}, it must be {' or '.join(choices)}")
    return told or None


def sentence(what: str) -> str:
    """What is wrong, as a sentence of its own."""
    return f"{what[0].upper()}{what[1:]}."


def counted(count: int, one: str, many: str) -> str:
    """A number of things, such as 1 record and 2 records."""
    return f"{count} {one if count == 1 else many}"


def rows(path: Path, needed: tuple[str, ...], others: tuple[str, ...]) -> list[dict[str, str]]:
    """The rows of a CSV as people save them, by column, with `line`; empty rows are nothing.

    UTF-8, separated by commas or semicolons; a header line with the columns needed, in any order.
    MainstemError when the file as a whole is none; it names every row that has too many cells.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise MainstemError(
            f"{path} is not UTF-8. Save it as 'CSV UTF-8' and try again."
        ) from error
    except OSError as error:
        raise MainstemError(f"{path} cannot be read: {error.strerror}.") from error
    head = text.split("\n", 1)[0]
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=";" if head.count(";") > head.count(",") else ","
    )
    try:
        columns = [name.strip().lower() for name in next(reader, [])]
        _check(path, columns, needed, others)
        told, wrong = [], []
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) > len(columns):
                wrong.append((reader.line_num, [f"it has {len(cells)} cells, not {len(columns)}"]))
                continue
            cells = [*cells, *[""] * (len(columns) - len(cells))]
            told.append({"line": str(reader.line_num), **dict(zip(columns, cells, strict=True))})
    except csv.Error as error:
        raise MainstemError(f"{path} is no CSV at line {reader.line_num}: {error}.") from error
    _refuse(path, wrong)
    if not told:
        raise MainstemError(f"{path} has no rows. Put one {needed[0]} a line below the header.")
    return told


def _check(
    path: Path, columns: list[str], needed: tuple[str, ...], others: tuple[str, ...]
) -> None:
    known = (*needed, *others)
    for column in columns:
        if column not in known:
            raise MainstemError(
                f"{path}: {column!r} is not a column that is known. Columns: {', '.join(known)}."
            )
        if columns.count(column) > 1:
            raise MainstemError(f"{path}: the column {column} stands twice. Take one out.")
    if missing := [column for column in needed if column not in columns]:
        raise MainstemError(
            f"{path} lacks the column {missing[0]}. Its first line must name the columns: "
            f"{', '.join(known)}."
        )


@contextmanager
def noted(wrong: list[str]) -> Generator[None]:
    """Add to a list what is Wrong inside, so that what else is wrong is found as well."""
    try:
        yield
    except Wrong as error:
        wrong.append(str(error))


def taken(
    path: Path,
    columns: tuple[tuple[str, ...], tuple[str, ...]],
    read: Callable[[dict[str, str]], tuple[Row, list[str]]],
    check: Callable[[list[Row]], list[list[str]]],
) -> list[Row]:
    """What a CSV tells, all of it; MainstemError names all that is wrong with each bad row.

    `columns` are those needed and those that may be there; `read` makes something of a row, with
    what is wrong in it, and `check` finds what is wrong with all of them together.
    """
    told = rows(path, *columns)
    made = [read(row) for row in told]
    found = zip(told, made, check([new for new, _ in made]), strict=True)
    _refuse(path, [(int(row["line"]), bad + more) for row, (_, bad), more in found])
    return [new for new, _ in made]


def _refuse(path: Path, wrong: Iterable[tuple[int, list[str]]]) -> None:
    """MainstemError that names every bad row with all that is wrong with it, if there is one."""
    lines = [f"line {line}: {'; '.join(what)}" for line, what in sorted(wrong) if what]
    if lines:
        raise MainstemError(
            "\n".join([*lines, f"Nothing of {path} was taken. Mend these rows and try again."])
        )
