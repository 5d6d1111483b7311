"""The fonts of pictures and cards, out of packages, so that they are the same on every machine.

Plex has Latin and Arabic letters; what it lacks is Noto's: African, Cyrillic, Greek, Vietnamese.
"""

from importlib.resources import files
from pathlib import Path

_PLEX, _NOTO = (
    Path(str(files(package) / "files"))
    for package in ("fontpkg_ibm_plex_sans_arabic", "fontpkg_noto_sans")
)
FOLDERS = (_PLEX, _NOTO)
FAMILIES = "IBM Plex Sans Arabic, Noto Sans"
REGULAR, BOLD = _PLEX / "IBMPlexSansArabic-Regular.ttf", _PLEX / "IBMPlexSansArabic-SemiBold.ttf"
OTHERS = _NOTO / "NotoSans[wdth,wght].ttf"
