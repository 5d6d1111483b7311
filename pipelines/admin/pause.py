"""Pauses and resumes the hub: one key of mainstem.toml, its comments kept."""

import re

from pipelines import settings
from pipelines.errors import MainstemError
from pipelines.home import Home


def set_paused(home: Home, paused: bool) -> bool:
    """Write sync.paused; whether that changed anything. MainstemError when it cannot be written."""
    if home.settings().paused == paused:
        return False
    text = home.toml.read_text(encoding="utf-8")
    told = str(paused).lower()
    changed, found = re.subn(r"(?m)^(\s*paused\s*=\s*)(true|false)", rf"\g<1>{told}", text, count=1)
    if not found and re.search(r"(?m)^\s*\[sync\]", text):
        changed = re.sub(r"(?m)^(\s*\[sync\].*)$", rf"\g<1>\npaused = {told}", text, count=1)
    elif not found:
        changed = f"{text.rstrip()}\n\n[sync]\npaused = {told}\n"
    part = home.toml.with_name(".mainstem.toml.part")
    try:
        part.write_text(changed, encoding="utf-8")
        settings.load(part)
        part.rename(home.toml)
    except OSError as error:
        raise MainstemError(f"{home.toml} cannot be written: {error.strerror}.") from error
    return True
