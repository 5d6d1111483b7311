"""Pauses and resumes the hub: one key of mainstem.toml, its comments kept."""

import re

from pipelines import settings
from pipelines.errors import MainstemError
from pipelines.home import Home

PAUSED = re.compile(r"(?m)^([ \t]*paused[ \t]*=[ \t]*)(?:true|false)")
SECTION = re.compile(r"(?m)^[ \t]*\[[ \t]*sync[ \t]*\].*$")


def set_paused(home: Home, paused: bool) -> bool:
    """Write sync.paused; whether that changed anything. MainstemError when it cannot be written."""
    if home.settings().paused == paused:
        return False
    text = home.toml.read_text(encoding="utf-8")
    told = str(paused).lower()
    changed, found = PAUSED.subn(rf"\g<1>{told}", text, count=1)
    if not found:
        changed, found = SECTION.subn(rf"\g<0>\npaused = {told}", text, count=1)
    if not found:
        changed = f"{text.rstrip()}\n\n[sync]\npaused = {told}\n".lstrip()
    part = home.toml.with_name(".mainstem.toml.part")
    try:
        part.write_text(changed, encoding="utf-8")
        settings.load(part)
        part.rename(home.toml)
    except MainstemError as error:
        part.unlink()
        raise MainstemError(
            f"{home.toml} is written in a way that only you can change: set sync.paused to {told}."
        ) from error
    except OSError as error:
        raise MainstemError(f"{home.toml} cannot be written: {error.strerror}.") from error
    return True
