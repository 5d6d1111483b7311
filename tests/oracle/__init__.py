"""A plain model of the hub, and random histories that both must take the same way."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))  # for the module scene
