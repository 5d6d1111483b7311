"""A chart as a PNG, with what it shows, what it is narrowed to and how fresh it is above it.

It is drawn here, from the same Vega-Lite as the page's: nothing comes from the internet.
"""

from functools import cache

import vl_convert

from dashboard import fonts, spoken, written
from dashboard.charts import Spec

WIDTH = 720  # points; a picture has twice as many pixels
SCALE = 2
QUIET, GRID = "#5b6770", "#e4e8e6"
LINE = {"fontSize": 11, "fontWeight": 400, "color": QUIET, "offset": 6, "limit": WIDTH}
LOOKS = {
    "font": fonts.FAMILIES,
    "background": "#ffffff",
    "padding": 16,
    "title": {"anchor": "start", "fontSize": 16, "color": "#1f2a30", "offset": 6}
    | {"fontWeight": 600},
    "axis": {"domain": False, "ticks": False, "labelColor": QUIET, "gridColor": GRID},
    "axisDiscrete": {"grid": False},
    "legend": {"orient": "top", "labelColor": QUIET, "titleColor": QUIET},
    "view": {"stroke": None},
}


def png(spec: Spec, title: str, about: list[str]) -> bytes:
    """The picture; the lines of `about` stand under its title."""
    _ready()
    whole: Spec = spec | {"width": WIDTH}
    # A title around a title: lines of one text lose their order where one runs leftward.
    for line in reversed(about):
        whole = {"title": {"text": _led(line), **LINE}, **_around(whole)}
    whole = {"title": _led(title), **_around(whole), "config": _looks()}
    return vl_convert.vegalite_to_png(whole, scale=SCALE, allowed_base_urls=[])


def bare(spec: Spec) -> bytes:
    """The chart alone, sharp enough to be printed."""
    _ready()
    whole = spec | {"width": WIDTH, "config": _looks() | {"padding": 2}}
    return vl_convert.vegalite_to_png(whole, scale=3, allowed_base_urls=[])


def _around(inner: Spec) -> Spec:
    """What holds a chart, whose legends stay with it."""
    legends = dict.fromkeys(("color", "shape", "strokeDash"), "independent")
    return {"vconcat": [inner], "resolve": {"legend": legends}}


def _led(line: str) -> str:
    """A line that runs leftward where the language does, whatever it begins with."""
    return f"\u202b{line}\u202c" if spoken.is_rtl() else line


def _looks() -> Spec:
    """How pictures look in the language that is spoken."""
    looks: Spec = LOOKS | {"locale": written.vega()}
    if spoken.is_rtl():
        looks["title"] = looks["title"] | {"anchor": "end"}
    return looks


@cache
def _ready() -> None:
    for folder in fonts.FOLDERS:
        vl_convert.register_font_directory(str(folder))
