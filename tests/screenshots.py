"""The tour's pictures: `python -m tests.screenshots --home DIR`, of a home that the demo made.

Draws the pages of the README's tour as a desk and a phone show them, into dashboard/tour.
`--every DIR` draws every page instead, light and dark, to be looked at.
"""

import argparse
import io
import sys
import tempfile
import time
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path

from PIL import Image
from selenium.webdriver import Chrome

from pipelines.home import Home

from .dashboard.browsing import CHROMIUM, DRIVER, EVERY, chromium, drawn, served

TOUR = Path(__file__).parents[1] / "dashboard" / "tour"
WIDTHS = {"desk": 1440, "phone": 390}  # pixels
TALLEST = 1750  # pixels of a picture of the tour
COLOURS = 128  # of a picture: what keeps it small
# The tour's pages by the name of the picture: title and address.
PAGES = {
    "overview": ("Overview", ""),
    "expired": ("Expiring", "expiring?show=Expired"),
    "silent": ("Sync", "sync?status=never&status=alert"),
    "overdue": ("Transfers", "transfers?show=Overdue"),
}


def shot(browser: Chrome, address: str, title: str, width: int, tallest: int, dark: bool) -> bytes:
    """A page as a PNG, as tall as what it shows, up to `tallest`."""
    scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme]})
    _size(browser, width, 900)
    browser.get(address)
    drawn(browser, title)
    time.sleep(2)  # until charts and tables have taken their places
    tall = "return document.querySelector('[data-testid=stMainBlockContainer]').scrollHeight"
    _size(browser, width, max(600, min(tallest, browser.execute_script(tall) + 20)))
    time.sleep(1)
    picture = browser.execute_cdp_cmd("Page.captureScreenshot", {"format": "png"})
    return b64decode(picture["data"])


def _size(browser: Chrome, width: int, height: int) -> None:
    looks = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", looks)


def small(picture: bytes) -> bytes:
    """The same picture in few colours."""
    out = io.BytesIO()
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    image.quantize(COLOURS, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()


def wanted(every: bool) -> Iterator[tuple[str, str, str, int, int, bool]]:
    """Each picture's name, title, address, width, greatest height, and whether it is dark."""
    for form, width in WIDTHS.items():
        if every:
            for page, title in EVERY.items():
                for dark in (False, True):
                    name = f"{page or 'overview'}-{form}-{'dark' if dark else 'light'}"
                    yield name, title, page, width, 6000, dark
        else:
            for name, (title, page) in PAGES.items():
                yield f"{name}-{form}", title, page, width, TALLEST, False


def main() -> int:
    """0 when all are drawn."""
    parser = argparse.ArgumentParser(prog="python -m tests.screenshots", description=__doc__)
    parser.add_argument("--home", type=Path, required=True, help="what `mainstem demo` made")
    parser.add_argument("--every", type=Path, metavar="DIR", help="every page, light and dark")
    told = parser.parse_args()
    if not (CHROMIUM and DRIVER):
        print("Debian's chromium and chromium-driver are needed.", file=sys.stderr)
        return 1
    folder = told.every or TOUR
    folder.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as scratch,
        served(Home(told.home), Path(scratch) / "log", "supervisor") as address,
        chromium(Path(scratch) / "profile") as browser,
    ):
        for name, title, page, width, tallest, dark in wanted(bool(told.every)):
            picture = small(shot(browser, f"{address}/{page}", title, width, tallest, dark))
            (folder / f"{name}.png").write_bytes(picture)
            print(f"{name}.png  {len(picture) // 1024} KB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
