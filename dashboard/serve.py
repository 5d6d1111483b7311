"""How the dashboard is started: the command and the environment of its server process."""

import os
import sys
from pathlib import Path

from pipelines import quiet

HERE = Path(__file__).parent
KEPT = 30  # seconds that what a page holds waits for a browser that has lost its line
# A role that everybody has who looks, without signing in: the demo's, and a test's.
OPEN = "MAINSTEM_SIGNED_IN_AS"


def command(home: Path, port: int, host: str = "127.0.0.1") -> list[str]:
    """The command that serves the dashboard of `home` at http://host:port; start it with
    `environment(home)`. It answers when /_stcore/health says ok, and ends on SIGTERM.

    Options stand here, not in a config.toml, which Streamlit would look for in the current folder.
    """
    options = {
        "server.address": host,
        "server.port": port,
        "server.headless": "true",
        "server.fileWatcherType": "none",
        "server.disconnectedSessionTTL": KEPT,
        "browser.gatherUsageStats": "false",
        "client.toolbarMode": "minimal",
        "client.showErrorDetails": "none",
        "client.showSidebarNavigation": "false",
        "global.developmentMode": "false",
        "logger.enableRich": "false",
        "runner.magicEnabled": "false",
        "theme.base": HERE / "theme.toml",
    }
    told = [f"--{name}={value}" for name, value in options.items()]
    return [sys.executable, "-m", "streamlit", "run", str(HERE / "app.py"), *told]


def environment(home: Path, signed_in_as: str | None = None) -> dict[str, str]:
    """This process's environment, with the home that the dashboard shows and telemetry off.

    With `signed_in_as` whoever looks has that role without signing in.
    """
    told = {**os.environ, **quiet.OFF, "MAINSTEM_HOME": str(home.absolute())}
    told.pop(OPEN, None)
    return told | ({OPEN: signed_in_as} if signed_in_as else {})
