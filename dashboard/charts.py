"""The charts, as Vega-Lite: stacked bars over time, ranked bars, items of stores by status."""

from datetime import datetime
from typing import Any

import polars as pl

from dashboard import words, written
from dashboard.language import _, mark

Spec = dict[str, Any]

# What is written in a chart, on a light page and on a dark one; Streamlit colours axes and legends.
INK = {"expr": "luminance(background) < 0.2 ? '#b7c2c8' : '#5b6770'"}
# Told apart by people who do not see red and green: red, amber, teal, blue, grey.
STATUS = {
    "out": "#c4453c",
    "low": "#e0a12e",
    "well": "#2f8f83",
    "over": "#6f93c4",
    "no_use": "#b9bfc1",
}
MEANING = {
    "out": mark("none on hand, but use"),
    "low": mark("under 3 months of stock"),
    "well": mark("3 to 6 months of stock"),
    "over": mark("above 6 months of stock"),
    "no_use": mark("stock, but no use in 91 days"),
}
# The columns of use by month: what they are called, and their colour.
USE = {
    "used": (mark("issued to customers"), "#1f6f78"),
    "transferred": (mark("sent to other stores"), "#a9c7c6"),
}
CONFIG = {
    "axis": {"domain": False, "ticks": False},
    "legend": {"orient": "top"},
    "view": {"stroke": None},
}


def config() -> Spec:
    """How all charts look, with numbers written as they are in the language that is spoken."""
    return CONFIG | {"locale": written.vega()}


def use(months: pl.DataFrame) -> Spec:
    """Bars of units by month (columns month, used, transferred), stacked by where they went."""
    return stacked(months, USE)


def stacked(rows: pl.DataFrame, parts: dict[str, tuple[str, str]], form: str = ",.0f") -> Spec:
    """Bars over the first column of `rows`, stacked from columns: label and colour of each."""
    along = rows.columns[0]
    drawn = {_(label): colour for name, (label, colour) in parts.items() if (rows[name] != 0).any()}
    order = sorted(label for label, _colour in parts.values())  # the same in every language
    values = [
        {along: _along(along, row[along]), "kind": _(label), "units": row[name]}
        | {"at": order.index(label)}
        for row in rows.iter_rows(named=True)
        for name, (label, _colour) in parts.items()
        if row[name]
    ]
    scale = {"domain": list(drawn), "range": list(drawn.values())}
    return {
        "data": {"values": values},
        "mark": "bar",
        "encoding": {
            "x": {"field": along, "type": "ordinal", "title": None, "sort": None}
            | {"axis": {"labelAngle": 0, "labelOverlap": True}},
            "y": {"field": "units", "type": "quantitative", "title": None}
            | {"axis": {"format": form, "tickCount": 4}},
            "color": {"field": "kind", "title": None, "scale": scale}
            | ({} if len(drawn) > 1 else {"legend": None}),
            "order": {"field": "at"},
            "tooltip": _of_units(along),
        },
        "height": 240,
        "config": config(),
    }


# Colours and dashes of lines, in their order: no line is told by its colour alone.
LINES = (
    ("#1f6f78", [1, 0]), ("#e0a12e", [6, 3]), ("#6f93c4", [2, 2]), ("#a8322d", [8, 3, 2, 3]),
    ("#5b6770", [4, 4]), ("#2f8f83", [10, 4]),
)  # fmt: skip


def lines(rows: pl.DataFrame, unnamed: str = "") -> Spec:
    """A line per kind (columns month, kind, units) over the months; the last six kinds.

    A kind without a name is called `unnamed`.
    """
    rows = _named(rows, "kind", unnamed)
    kinds = rows["kind"].unique().sort().tail(len(LINES)).to_list()
    colours, dashes = (list(told) for told in zip(*LINES[: len(kinds)], strict=True))
    told = {"field": "kind", "title": None, "legend": {"symbolType": "stroke", "symbolSize": 400}}
    values = [
        row | {"month": written.month(row["month"])}
        for row in rows.filter(pl.col("kind").is_in(kinds)).to_dicts()
    ]
    return {
        "data": {"values": values},
        "mark": {"type": "line", "point": True, "strokeWidth": 2},
        "encoding": {
            "x": {"field": "month", "type": "ordinal", "title": None, "sort": None}
            | {"axis": {"labelAngle": 0, "labelOverlap": True}},
            "y": {"field": "units", "type": "quantitative", "title": None}
            | {"axis": {"format": ",.0f", "tickCount": 4}},
            "color": told | {"scale": {"domain": kinds, "range": colours}},
            "strokeDash": told | {"scale": {"domain": kinds, "range": dashes}},
            "tooltip": _of_units("month"),
        },
        "height": 240,
        "config": config(),
    }


def steps(days: pl.DataFrame) -> Spec:
    """A line of what stands after each day (columns day, units), level until it changes."""
    values = [{"day": written.day(day), "units": units} for day, units in days.iter_rows()]
    return {
        "data": {"values": values},
        "mark": {"type": "line", "interpolate": "step-after", "color": USE["used"][1]}
        | {"point": len(values) < 2},  # a line of one day would not be seen
        "encoding": {
            "x": {"field": "day", "type": "ordinal", "title": None, "sort": None}
            | {"axis": {"labelAngle": 0, "labelOverlap": True}},
            "y": {"field": "units", "type": "quantitative", "title": None}
            | {"axis": {"format": ",.0f", "tickCount": 4}},
            "tooltip": [
                {"field": "day", "title": _("day")},
                {"field": "units", "title": _("number"), "format": ","},
            ],
        },
        "height": 180,
        "config": config(),
    }


# What bars stand along, by the column's name.
ALONG = {"month": mark("month"), "cycle": mark("cycle")}


def _along(column: str, value: Any) -> Any:
    return written.month(value) if column == "month" else value


def _of_units(along: str) -> list[Spec]:
    return [
        {"field": along, "title": _(ALONG.get(along, along))},
        {"field": "kind", "title": _("what")},
        {"field": "units", "title": _("number"), "format": ","},
    ]


def _named(rows: pl.DataFrame, column: str, unnamed: str) -> pl.DataFrame:
    return rows.with_columns(pl.col(column).fill_null("").replace("", _(unnamed)))


def ranked(rows: pl.DataFrame, form: str = ",.0f", unnamed: str = "") -> Spec:
    """A bar per row (columns label, value), in the rows' order, with its value beside it.

    A row without a label is called `unnamed`.
    """
    rows = _named(rows, "label", unnamed)
    most = max(1e-9, *(abs(value) for value in rows["value"]))
    return {
        "data": {"values": rows.select("label", "value").to_dicts()},
        "encoding": {
            "y": {"field": "label", "type": "nominal", "sort": None, "title": None}
            | {"axis": {"labelLimit": 220}},
            "x": {"field": "value", "type": "quantitative", "axis": None}
            | {"scale": {"domainMax": most * 1.15}},
            "tooltip": [
                {"field": "label", "title": _("which")},
                {"field": "value", "title": _("number"), "format": form},
            ],
        },
        "layer": [
            {"mark": {"type": "bar", "color": USE["used"][1]}},
            {
                "mark": {"type": "text", "align": "left", "dx": 6, "color": INK},
                "encoding": {"text": {"field": "value", "format": form}},
            },
        ],
        "height": 240,
        "config": config(),
    }


def statuses(counts: dict[str, int]) -> Spec:
    """A bar per status with its count beside it, in the order of `counts`."""
    values = [
        {"status": words.word(status), "meaning": _(MEANING[status]), "count": count}
        for status, count in counts.items()
    ]
    order = [row["status"] for row in values]
    scale = {"domain": order, "range": [STATUS[status] for status in counts]}
    return {
        "data": {"values": values},
        "encoding": {
            "y": {"field": "status", "type": "nominal", "sort": order, "title": None},
            "x": {"field": "count", "type": "quantitative", "axis": None}
            | {"scale": {"domainMax": max(1, *counts.values()) * 1.15}},
            "tooltip": [
                {"field": "status", "title": _("status")},
                {"field": "meaning", "title": _("meaning")},
                {"field": "count", "title": _("number"), "format": ","},
            ],
        },
        "layer": [
            {
                "mark": {"type": "bar", "height": 22},
                "encoding": {"color": {"field": "status", "scale": scale, "legend": None}},
            },
            {
                "mark": {"type": "text", "align": "left", "dx": 6, "color": INK},
                "encoding": {"text": {"field": "count", "format": ","}},
            },
        ],
        "height": 240,
        "config": config(),
    }


# How a suite's expectations fared in a cycle: colour, and the sign that says it without.
STANDINGS = {"met": ("#a9d3c5", ""), "warning": ("#f2c14e", "!"), "critical": ("#a8322d", "!!")}

# What a cell of theirs tells, by the column's name.
TOLD = {
    "suite": mark("suite"), "cycle": mark("cycle"), "clock": mark("when"),
    "standing": mark("standing"), "rows": mark("rows judged"), "broken": mark("rows that broke it"),
}  # fmt: skip


def strip(rows: pl.DataFrame) -> Spec:
    """A cell per suite and cycle (columns cycle, clock, suite, rows, broken, standing)."""
    values = [
        row
        | {
            "sign": STANDINGS[row["standing"]][1],
            "standing": words.word(row["standing"]),
            "clock": written.moment(datetime.fromisoformat(row["clock"])),
        }
        for row in rows.to_dicts()
    ]
    colours = [colour for colour, _sign in STANDINGS.values()]
    scale = {"domain": [words.word(standing) for standing in STANDINGS], "range": colours}
    axis = {"labelAngle": 0, "labelOverlap": True, "grid": False}
    return {
        "data": {"values": values},
        "encoding": {
            "x": {"field": "cycle", "type": "ordinal", "title": None, "axis": axis},
            "y": {"field": "suite", "type": "nominal", "title": None},
            "tooltip": [{"field": name, "title": _(title)} for name, title in TOLD.items()],
        },
        "layer": [
            {
                "mark": {"type": "rect", "stroke": "#ffffff", "strokeWidth": 2},
                "encoding": {
                    "color": {"field": "standing", "type": "nominal", "title": None, "scale": scale}
                },
            },
            {
                "mark": {"type": "text", "fontWeight": "bold"},
                "encoding": {
                    "text": {"field": "sign", "type": "nominal"},
                    "color": {
                        "condition": {"test": "datum.sign == '!!'", "value": "#ffffff"},
                        "value": "#3d2f00",
                    },
                },
            },
        ],
        "height": 30 * rows["suite"].n_unique() + 90,
        "config": config(),
    }


# What of the items that a store uses it is out of: colour and shape, and how it is called.
SHARES = {
    mark("nothing"): ("#2f8f83", "circle"),
    mark("under a tenth"): ("#e0a12e", "square"),
    mark("a tenth or more"): ("#c4453c", "triangle-up"),
}


def places(stores: pl.DataFrame) -> Spec:
    """A mark per store (columns store_code, store_name, latitude, longitude, out, used, value)."""
    values = [
        row
        | {
            "is_out": _(
                "nothing"
                if not row["out"]
                else "under a tenth"
                if row["out"] * 10 < row["used"]
                else "a tenth or more"
            )
        }
        for row in stores.to_dicts()
    ]
    colours, shapes = (list(told) for told in zip(*SHARES.values(), strict=True))
    title, shares = _("Out of"), [_(share) for share in SHARES]
    return {
        "data": {"values": values},
        "mark": {"type": "point", "filled": True, "size": 70, "opacity": 0.85},
        "projection": {"type": "equirectangular"},
        "encoding": {
            "longitude": {"field": "longitude", "type": "quantitative"},
            "latitude": {"field": "latitude", "type": "quantitative"},
            "color": {"field": "is_out", "type": "nominal", "title": title}
            | {"scale": {"domain": shares, "range": colours}},
            "shape": {"field": "is_out", "type": "nominal", "title": title}
            | {"scale": {"domain": shares, "range": shapes}},
            "tooltip": [
                {"field": "store_code", "title": _("store")},
                {"field": "store_name", "title": _("name")},
                {"field": "region", "title": _("region")},
                {"field": "out", "title": _("items out")},
                {"field": "used", "title": _("of items used")},
                {"field": "value", "title": _("value"), "format": ",.2f"},
            ],
        },
        "height": 560,
        "config": config(),
    }
