"""The app on one of its pages, without a browser."""

from pathlib import Path

from streamlit.testing.v1 import AppTest

APP = Path(__file__).parents[2] / "dashboard" / "frame.py"


def opened(page: str = "overview", **told: str | list[str]) -> AppTest:
    """The app on one of its pages, the URL's query as told; `from` is told as `from_`."""
    app = AppTest.from_file(str(APP), default_timeout=30).run()
    return turned(app, page, **told)


def turned(app: AppTest, page: str, **told: str | list[str]) -> AppTest:
    """The same session on another of its pages."""
    app.switch_page(f"views/{page}.py")
    app.query_params.clear()
    for key, value in told.items():
        app.query_params[key.rstrip("_")] = value
    app.run()
    assert not app.exception
    return app


def figures(app: AppTest) -> dict[str, str]:
    """The tiles of a page: values by label."""
    return {metric.label: metric.value for metric in app.metric}
