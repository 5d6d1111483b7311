"""The words that reports have for what is one of a few things, and how pages say them."""

import polars as pl

from dashboard.language import _, mark

# Columns whose values are such words; in reports they have _ for a space.
COLUMNS = ("status", "kind", "outcome", "reason", "grade", "note", "standing")
KNOWN = {
    # how much stock there is
    mark("out"), mark("low"), mark("well"), mark("over"), mark("no use"),
    # how long a site was silent
    mark("never"), mark("alert"), mark("late"), mark("ok"),
    # how far figures can be trusted
    mark("none"), mark("poor"), mark("fair"), mark("good"),
    # what is transferred
    mark("stock"), mark("returns"), mark("requisition"), mark("purchase order"),
    mark("goods received"),
    # what became of the other half
    mark("created"), mark("late line"), mark("deleted"), mark("withdrawn"), mark("cancelled"),
    mark("not a store"), mark("same store"), mark("same site"), mark("no site"),
    mark("store disabled"), mark("site makes"), mark("site makes none"),
    mark("not confirmed"), mark("not finalised"),
    # what needs somebody (`marks`)
    mark("overdue"), mark("no partner"), mark("expired"), mark("will be left"), mark("short"),
    # whether an expectation was met
    mark("met"), mark("warning"), mark("critical"),
    # why a line is held
    mark("duplicate"), mark("malformed"), mark("unknown table"), mark("unknown site"),
    mark("site disabled"), mark("local only"), mark("central only"), mark("primary only"),
    mark("store inactive here"), mark("not owner"), mark("not home site"),
    mark("different home stores"), mark("message is final"), mark("orphan"), mark("superseded"),
    mark("deferred"), mark("damaged segment"), mark("mobile site full"),
}  # fmt: skip


def word(code: str) -> str:
    """One of the words, as a page says it; what is none of them stays, but for its _."""
    told = code.replace("_", " ")
    return _(told) if told in KNOWN else told


def said(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows with their words as a page says them."""
    told = [name for name in COLUMNS if name in rows.columns]
    codes = {code for name in told for code in rows[name].unique() if code}
    return rows.with_columns(
        pl.col(told).cast(pl.String).replace({code: word(code) for code in codes})
    )
