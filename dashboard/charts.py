"""The charts, as Vega-Lite: stacked bars over time, ranked bars, items of stores by status."""

from typing import Any

import polars as pl

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
    "out": "none on hand, but use",
    "low": "under 3 months of stock",
    "well": "3 to 6 months of stock",
    "over": "above 6 months of stock",
    "no_use": "stock, but no use in 91 days",
}
# The columns of use by month: what they are called, and their colour.
USE = {
    "used": ("issued to customers", "#1f6f78"),
    "transferred": ("sent to other stores", "#a9c7c6"),
}
CONFIG = {
    "axis": {"domain": False, "ticks": False},
    "legend": {"orient": "top"},
    "view": {"stroke": None},
}


def use(months: pl.DataFrame) -> Spec:
    """Bars of units by month (columns month, used, transferred), stacked by where they went."""
    return stacked(months, USE)


def stacked(rows: pl.DataFrame, parts: dict[str, tuple[str, str]], form: str = ",.0f") -> Spec:
    """Bars over the first column of `rows`, stacked from columns: label and colour of each."""
    along = rows.columns[0]
    drawn = {label: colour for name, (label, colour) in parts.items() if (rows[name] != 0).any()}
    values = [
        {along: row[along], "kind": label, "units": row[name]}
        for row in rows.iter_rows(named=True)
        for name, (label, _) in parts.items()
        if row[name]
    ]
    scale = {"domain": list(drawn), "range": list(drawn.values())}
    return {
        "data": {"values": values},
        "mark": "bar",
        "encoding": {
            "x": {"field": along, "type": "ordinal", "title": None}
            | {"axis": {"labelAngle": 0, "labelOverlap": True}},
            "y": {"field": "units", "type": "quantitative", "title": None}
            | {"axis": {"format": form, "tickCount": 4}},
            "color": {"field": "kind", "title": None, "scale": scale}
            | ({} if len(drawn) > 1 else {"legend": None}),
            "order": {"field": "kind"},
            "tooltip": [{"field": along}, {"field": "kind"}, {"field": "units", "format": ","}],
        },
        "height": 240,
        "config": CONFIG,
    }


# Colours and dashes of lines, in their order: no line is told by its colour alone.
LINES = (
    ("#1f6f78", [1, 0]), ("#e0a12e", [6, 3]), ("#6f93c4", [2, 2]), ("#a8322d", [8, 3, 2, 3]),
    ("#5b6770", [4, 4]), ("#2f8f83", [10, 4]),
)  # fmt: skip


def lines(rows: pl.DataFrame) -> Spec:
    """A line per kind (columns month, kind, units) over the months; the last six kinds."""
    kinds = rows["kind"].unique().sort().tail(len(LINES)).to_list()
    colours, dashes = (list(told) for told in zip(*LINES[: len(kinds)], strict=True))
    told = {"field": "kind", "title": None, "legend": {"symbolType": "stroke", "symbolSize": 400}}
    return {
        "data": {"values": rows.filter(pl.col("kind").is_in(kinds)).to_dicts()},
        "mark": {"type": "line", "point": True, "strokeWidth": 2},
        "encoding": {
            "x": {"field": "month", "type": "ordinal", "title": None}
            | {"axis": {"labelAngle": 0, "labelOverlap": True}},
            "y": {"field": "units", "type": "quantitative", "title": None}
            | {"axis": {"format": ",.0f", "tickCount": 4}},
            "color": told | {"scale": {"domain": kinds, "range": colours}},
            "strokeDash": told | {"scale": {"domain": kinds, "range": dashes}},
            "tooltip": [{"field": "month"}, {"field": "kind"}, {"field": "units", "format": ","}],
        },
        "height": 240,
        "config": CONFIG,
    }


def ranked(rows: pl.DataFrame, form: str = ",.0f") -> Spec:
    """A bar per row (columns label, value), in the rows' order, with its value beside it."""
    most = max(1e-9, *(abs(value) for value in rows["value"]))
    return {
        "data": {"values": rows.select("label", "value").to_dicts()},
        "encoding": {
            "y": {"field": "label", "type": "nominal", "sort": None, "title": None}
            | {"axis": {"labelLimit": 220}},
            "x": {"field": "value", "type": "quantitative", "axis": None}
            | {"scale": {"domainMax": most * 1.15}},
            "tooltip": [{"field": "label"}, {"field": "value", "format": form}],
        },
        "layer": [
            {"mark": {"type": "bar", "color": USE["used"][1]}},
            {
                "mark": {"type": "text", "align": "left", "dx": 6, "color": INK},
                "encoding": {"text": {"field": "value", "format": form}},
            },
        ],
        "height": 240,
        "config": CONFIG,
    }


def statuses(counts: dict[str, int]) -> Spec:
    """A bar per status with its count beside it, in the order of `counts`."""
    values = [
        {"status": status.replace("_", " "), "meaning": MEANING[status], "count": count}
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
                {"field": "status"},
                {"field": "meaning"},
                {"field": "count", "format": ","},
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
        "config": CONFIG,
    }


# How a suite's expectations fared in a cycle: colour, and the sign that says it without.
STANDINGS = {"met": ("#a9d3c5", ""), "warning": ("#f2c14e", "!"), "critical": ("#a8322d", "!!")}


def strip(rows: pl.DataFrame) -> Spec:
    """A cell per suite and cycle (columns cycle, clock, suite, rows, broken, standing)."""
    values = [row | {"sign": STANDINGS[row["standing"]][1]} for row in rows.to_dicts()]
    scale = {"domain": list(STANDINGS), "range": [colour for colour, _ in STANDINGS.values()]}
    axis = {"labelAngle": 0, "labelOverlap": True, "grid": False}
    return {
        "data": {"values": values},
        "encoding": {
            "x": {"field": "cycle", "type": "ordinal", "title": None, "axis": axis},
            "y": {"field": "suite", "type": "nominal", "title": None},
            "tooltip": [
                {"field": name}
                for name in ("suite", "cycle", "clock", "standing", "rows", "broken")
            ],
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
                        "condition": {"test": "datum.standing == 'critical'", "value": "#ffffff"},
                        "value": "#3d2f00",
                    },
                },
            },
        ],
        "height": 30 * rows["suite"].n_unique() + 90,
        "config": CONFIG,
    }


# What of the items that a store uses it is out of: colour and shape, and how it is called.
SHARES = {
    "nothing": ("#2f8f83", "circle"),
    "under a tenth": ("#e0a12e", "square"),
    "a tenth or more": ("#c4453c", "triangle-up"),
}


def places(stores: pl.DataFrame) -> Spec:
    """A mark per store (columns store_code, store_name, latitude, longitude, out, used, value)."""
    values = [
        row
        | {
            "is_out": "nothing"
            if not row["out"]
            else "under a tenth"
            if row["out"] * 10 < row["used"]
            else "a tenth or more"
        }
        for row in stores.to_dicts()
    ]
    colours, shapes = (list(told) for told in zip(*SHARES.values(), strict=True))
    title = "Out of"
    return {
        "data": {"values": values},
        "mark": {"type": "point", "filled": True, "size": 70, "opacity": 0.85},
        "projection": {"type": "equirectangular"},
        "encoding": {
            "longitude": {"field": "longitude", "type": "quantitative"},
            "latitude": {"field": "latitude", "type": "quantitative"},
            "color": {"field": "is_out", "type": "nominal", "title": title}
            | {"scale": {"domain": list(SHARES), "range": colours}},
            "shape": {"field": "is_out", "type": "nominal", "title": title}
            | {"scale": {"domain": list(SHARES), "range": shapes}},
            "tooltip": [
                {"field": "store_code", "title": "store"},
                {"field": "store_name", "title": "name"},
                {"field": "region"},
                {"field": "out", "title": "items out"},
                {"field": "used", "title": "of items used"},
                {"field": "value", "format": ",.2f"},
            ],
        },
        "height": 560,
        "config": CONFIG,
    }
