"""A report card as a PDF: one page of A4, the figures, use by month, and what needs somebody."""

from collections.abc import Sequence
from typing import Any

import polars as pl
from fpdf import FPDF

from dashboard import charts, fonts, picture
from warehouse.card import Card

PDF = "application/pdf"
SIMULATED = "Simulated data: an invented country"
LEFT, WIDE = 14, 182  # mm
DARK, QUIET, LINE, TEAL = "#1f2a30", "#5b6770", "#dfe4e2", "#1f6f78"
COUNT, MONEY, SHARE = "{:,.0f}", "{:,.2f}", "{:.1%}"
NOTHING = "—"

# The figures in their places: name on the card, label, how it is written.
TILES = (
    ("value", "Stock value", MONEY),
    ("items", "Items in stock", COUNT),
    ("out", "Out of stock", COUNT),
    ("low", "Under 3 months", COUNT),
    ("over", "Above 6 months", COUNT),
    ("expired", "Expired value", MONEY),
    ("expiring", "Expires in 180 days, value", MONEY),
    ("fill_rate", "Orders filled", SHARE),
    ("in_transit", "Transfers in transit", COUNT),
    ("overdue", "Transfers overdue", COUNT),
    ("alone", "Transfers without partner", COUNT),
    ("days_silent", "Days silent, the longest", COUNT),
)
Column = tuple[str, str, float, str]  # the report's column, label, share of the width, how written
TEXT = "{}"
TABLES: dict[str, tuple[str, str, tuple[Column, ...]]] = {
    "stock_outs": (
        "Out of stock, the most used first",
        "Nothing that is used is out of stock.",
        (
            ("store_code", "Store", 0.14, TEXT),
            ("store_name", "Name", 0.3, TEXT),
            ("item_name", "Item", 0.4, TEXT),
            ("amc", "Used a month", 0.16, "{:,.1f}"),
        ),
    ),
    "expires": (
        "Expired or expiring, the soonest first",
        "Nothing has expired or expires within 180 days.",
        (
            ("store_code", "Store", 0.14, TEXT),
            ("item_name", "Item", 0.38, TEXT),
            ("batch", "Batch", 0.16, TEXT),
            ("expiry_date", "Expires", 0.14, TEXT),
            ("value", "Value", 0.18, MONEY),
        ),
    ),
    "redistribution": (
        "Could be given, the dearest first",
        "No store has enough near one that runs short.",
        (
            ("from_store", "From", 0.14, TEXT),
            ("to_store", "To", 0.14, TEXT),
            ("item_name", "Item", 0.4, TEXT),
            ("quantity", "Units", 0.14, COUNT),
            ("value", "Value", 0.18, MONEY),
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
        return f"Confidence: {next((grade for grade, count in told.items() if count), 'none')}"
    return "Confidence of stores: " + ", ".join(f"{told[grade]:,} {grade}" for grade in told)


def _page(card: Card) -> FPDF:
    page = FPDF(format="A4")
    page.set_margins(LEFT, 12, 210 - LEFT - WIDE)
    page.set_auto_page_break(False)
    page.set_title(f"Report card, {card.name}")
    page.set_lang("en")
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
    told = text
    while told and page.get_string_width(told) > width - 2 * page.c_margin:
        told = told[:-2].rstrip() + "…" if len(told) > 2 else ""
    page.cell(width, size * 0.5, told, align="R" if right else "L")


def _head(page: FPDF, card: Card) -> None:
    told = ["Mainstem", "Report card", *([SIMULATED] if card.simulated else [])]
    _write(page, " · ".join(told), WIDE, 9, TEAL, bold=True)
    page.ln(5.5)
    _write(page, card.name, WIDE, 17, bold=True)
    page.ln(9.5)
    told = f"Data of cycle {card.cycle}, {card.clock} · {confidence(card)}"
    _write(page, told, WIDE, 8.5, QUIET)
    page.ln(7)


def _tiles(page: FPDF, card: Card) -> None:
    top, across, high = page.get_y(), 4, 14.5
    wide = WIDE / across
    for at, (name, label, form) in enumerate(TILES):
        x, y = LEFT + at % across * wide, top + at // across * high
        page.set_draw_color(LINE)
        page.rect(x, y, wide - 2, high - 2, round_corners=True, corner_radius=1)
        page.set_xy(x, y + 1.2)
        _write(page, label, wide - 2, 7.5, QUIET)
        page.set_xy(x, y + 5.8)
        _write(page, _written(card.figures[name], form), wide - 2, 12.5, bold=True)
    page.set_xy(LEFT, top + -(-len(TILES) // across) * high + 2)


def _use(page: FPDF, card: Card) -> None:
    _subtitle(page, "Use by month, units")
    if card.use.is_empty():
        _note(page, "No customer invoice is confirmed or finalised yet.")
        return
    drawn = picture.bare(charts.use(card.use) | {"height": 130})
    page.image(drawn, LEFT, page.get_y(), WIDE, 42, keep_aspect_ratio=True, alt_text="Use by month")
    page.set_xy(LEFT, page.get_y() + 45)


def _table(
    page: FPDF, title: str, empty: str, columns: Sequence[Column], rows: pl.DataFrame
) -> None:
    _subtitle(page, title)
    if rows.is_empty():
        _note(page, empty)
        return
    for _, label, share, form in columns:
        _write(page, label, share * WIDE, 7.5, QUIET, right=form != TEXT)
    page.ln(4.6)
    for row in rows.iter_rows(named=True):
        page.set_draw_color(LINE)
        page.line(LEFT, page.get_y() - 0.3, LEFT + WIDE, page.get_y() - 0.3)
        for name, _, share, form in columns:
            _write(page, _written(row[name], form), share * WIDE, 8, right=form != TEXT)
        page.ln(4.8)
    page.ln(3)


def _subtitle(page: FPDF, text: str) -> None:
    _write(page, text, WIDE, 10, bold=True)
    page.ln(6)


def _note(page: FPDF, text: str) -> None:
    _write(page, text, WIDE, 8.5, QUIET)
    page.ln(8)


def _written(value: Any, form: str) -> str:
    return NOTHING if value is None else form.format(value)
