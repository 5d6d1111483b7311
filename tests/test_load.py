"""What dlt is given: a project in the home, not what stands in the working directory."""

import os
import subprocess
import sys
from pathlib import Path

from builders import item_line, push

from pipelines.home import Home


def test_the_settings_of_another_project_are_not_read(home: Home, tmp_path: Path) -> None:
    for name in ("config", "secrets"):
        other = tmp_path / f"other/.dlt/{name}.toml"
        other.parent.mkdir(parents=True, exist_ok=True)
        other.write_text("this = is no [ TOML\n", encoding="utf-8")
    push(home, 1, "1", [item_line("A", "I1", 1)])
    cycle = "import sys; from pathlib import Path; from pipelines import cycle, home; "
    cycle += "print(cycle.run(home.find(Path(sys.argv[1])))['changes'])"
    command = [sys.executable, "-c", cycle, str(home.path)]
    folder = tmp_path / "other"
    told = {key: value for key, value in os.environ.items() if key != "DLT_PROJECT_DIR"}
    done = subprocess.run(command, cwd=folder, env=told, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "1\n"
