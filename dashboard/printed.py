"""A report card as a PDF: one page of A4, the figures, use by month, and what needs somebody."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import polars as pl
from fpdf import FPDF

from dashboard import charts, fonts, picture, spoken, words, written
from dashboard.language import _, mark
from warehouse.card import Card

PDF = "application/pdf"
SIMULATED = mark("Simulated data: an invented country")
MARKS = re.compile("[\u064b-\u0652]")  # of Arabic vowels, which fpdf2 puts beside their letters
LEFT, WIDE = 14, 182  # mm
DARK, QUIET, LINE, TEAL = "#1f2a30", "#5b6770", "#dfe4e2", "#1f6f78"
COUNT, MONEY, SHARE = "{:,.0f}", "{:,.2f}", "{:.1%}"
NOTHING = "—"
NAMES = {mark("All stores"), mark("All stores granted")}  # of cards that are of no one store

# The figures in their places: name on the card, label, how it is written.
TILES = (
    ("value", mark("Stock value"), MONEY),
    ("items", mark("Items in stock"), COUNT),
    ("out", mark("Out of stock"), COUNT),
    ("low", mark("Under 3 months"), COUNT),
    ("over", mark("Above 6 months"), COUNT),
    ("expired", mark("Expired value"), MONEY),
    ("expiring", mark("Expires in 180 days, value"), MONEY),
    ("fill_rate", mark("Orders filled"), SHARE),
    ("in_transit", mark("Transfers in transit"), COUNT),
    ("overdue", mark("Transfers overdue"), COUNT),
    ("alone", mark("Transfers without partner"), COUNT),
    ("days_silent", mark("Days silent, the longest"), COUNT),
)
Column = tuple[str, str, float, str]  # the report's column, label, share of the width, how written
TEXT, DAY = "{}", "day"
TABLES: dict[str, tuple[str, str, tuple[Column, ...]]] = {
    "stock_outs": (
        mark("Out of stock, the most used first"),
        mark("Nothing that is used is out of stock."),
        (
            ("store_code", mark("Store"), 0.14, TEXT),
            ("store_name", mark("Name"), 0.3, TEXT),
            ("item_name", mark("Item"), 0.4, TEXT),
            ("amc", mark("Used a month"), 0.16, "{:,.1f}"),
        ),
    ),
    "expires": (
        mark("Expired or expiring, the soonest first"),
        mark("Nothing has expired or expires within 180 days."),
        (
            ("store_code", mark("Store"), 0.14, TEXT),
            ("item_name", mark("Item"), 0.38, TEXT),
            ("batch", mark("Batch"), 0.16, TEXT),
            ("expiry_date", mark("Expires"), 0.14, DAY),
            ("value", mark("Value"), 0.18, MONEY),
        ),
    ),
    "redistribution": (
        mark("Could be given, the dearest first"),
        mark("No store has enough near one that runs short."),
        (
            ("from_store", mark("From"), 0.14, TEXT),
            ("to_store", mark("To"), 0.14, TEXT),
            ("item_name", mark("Item"), 0.4, TEXT),
            ("quantity", mark("Units"), 0.14, COUNT),
            ("value", mark("Value"), 0.18, MONEY),
        ),
    ),
}


def pdf(card: Card) -> bytes:
    """The card as a file."""
    page = _page(card)
    _head(page, card)
    _tiles(page, card)
    _use(page, card)
    for name, (title, empty, columns) in TABLES.items():
        _table(page, title, empty, columns, card.lists[name])
    return bytes(page.output())


def confidence(card: Card) -> str:
    """How far a card's figures can be trusted."""
    told = {grade: card.figures[grade] for grade in ("good", "fair", "poor", "none")}
    if card.store:
        grade = next((grade for grade, count in told.items() if count), "none")
        return _("Confidence: {grade}", grade=words.word(grade))
    grades = [f"{written.number(count)} {words.word(grade)}" for grade, count in told.items()]
    return _("Confidence of stores: {grades}", grades=", ".join(grades))


def _page(card: Card) -> FPDF:
    page = FPDF(format="A4")
    page.set_margins(LEFT, 12, 210 - LEFT - WIDE)
    page.set_auto_page_break(False)
    page.set_title(f"{_('Report card')}, {_name(card)}")
    page.set_lang(spoken.locale().language)
    page.add_font("plex", "", fonts.REGULAR)
    page.add_font("plex", "B", fonts.BOLD)
    page.add_font("noto", "", fonts.OTHERS)
    page.set_fallback_fonts(["noto"], exact_match=False)
    page.set_text_shaping(True)
    page.add_page()
    return page


def _write(
    page: FPDF, text: str, width: float, size: float, colour: str = DARK, bold: bool = False,
    right: bool = False,
) -> None:  # fmt: skip
    """Write text into a width (mm) on this line, cut where it is longer."""
    page.set_font("plex", "B" if bold else "", size)
    page.set_text_color(colour)
    told = MARKS.sub("", text)
    while told and page.get_string_width(told) > width - 2 * page.c_margin:
        told = told[:-2].rstrip() + "…" if len(told) > 2 else ""
    page.cell(width, size * 0.5, told, align="R" if right != spoken.is_rtl() else "L")


def _name(card: Card) -> str:
    return _(card.name) if card.name in NAMES else card.name


def _head(page: FPDF, card: Card) -> None:
    told = ["Mainstem", _("Report card"), *([_(SIMULATED)] if card.simulated else [])]
    _write(page, " · ".join(told), WIDE, 9, TEAL, bold=True)
    page.ln(5.5)
    _write(page, _name(card), WIDE, 17, bold=True)
    page.ln(9.5)
    when = written.moment(datetime.fromisoformat(card.clock.removesuffix(" UTC")))
    line = _("Data of cycle {cycle}, {clock}", cycle=card.cycle, clock=when)
    _write(page, f"{line} · {confidence(card)}", WIDE, 8.5, QUIET)
    page.ln(7)


def _tiles(page: FPDF, card: Card) -> None:
    top, across, high = page.get_y(), 4, 14.5
    wide = WIDE / across
    for at, (name, label, form) in enumerate(TILES):
        place = across - 1 - at % across if spoken.is_rtl() else at % across
        x, y = LEFT + place * wide, top + at // across * high
        page.set_draw_color(LINE)
        page.rect(x, y, wide - 2, high - 2, round_corners=True, corner_radius=1)
        page.set_xy(x, y + 1.2)
        _write(page, _(label), wide - 2, 7.5, QUIET)
        page.set_xy(x, y + 5.8)
        _write(page, _written(card.figures[name], form), wide - 2, 12.5, bold=True)
    page.set_xy(LEFT, top + -(-len(TILES) // across) * high + 2)


def _use(page: FPDF, card: Card) -> None:
    _subtitle(page, _("Use by month, units"))
    if card.use.is_empty():
        _note(page, _("No customer invoice is confirmed or finalised yet."))
        return
    drawn = picture.bare(charts.use(card.use) | {"height": 130})
    page.image(
        drawn, LEFT, page.get_y(), WIDE, 42, keep_aspect_ratio=True, alt_text=_("Use by month")
    )
    page.set_xy(LEFT, page.get_y() + 45)


def _table(
    page: FPDF, title: str, empty: str, columns: Sequence[Column], rows: pl.DataFrame
) -> None:
    _subtitle(page, _(title))
    if rows.is_empty():
        _note(page, _(empty))
        return
    columns = columns[::-1] if spoken.is_rtl() else columns
    for _column, label, share, form in columns:
        _write(page, _(label), share * WIDE, 7.5, QUIET, right=form not in (TEXT, DAY))
    page.ln(4.6)
    for row in rows.iter_rows(named=True):
        page.set_draw_color(LINE)
        page.line(LEFT, page.get_y() - 0.3, LEFT + WIDE, page.get_y() - 0.3)
        for name, _label, share, form in columns:
            told = _written(row[name], form)
            _write(page, told, share * WIDE, 8, right=form not in (TEXT, DAY))
        page.ln(4.8)
    page.ln(3)


def _subtitle(page: FPDF, text: str) -> None:
    _write(page, text, WIDE, 10, bold=True)
    page.ln(6)


def _note(page: FPDF, text: str) -> None:
    _write(page, text, WIDE, 8.5, QUIET)
    page.ln(8)


def _written(value: Any, form: str) -> str:
    if value is None:
        return NOTHING
    if form == DAY:
        return written.day(date.fromisoformat(str(value)))
    return str(value) if form == TEXT else written.number(value, form)
