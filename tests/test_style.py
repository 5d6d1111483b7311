"""The project keeps its own rules: format, lint, types, and a README that CI runs."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
CODE = ("pipelines", "warehouse", "dashboard", "quality", "tests")
ALLOWED = {"LICENSE", "README.md", "pyproject.toml", "requirements.lock", *CODE}


@pytest.mark.parametrize(
    "command",
    [
        ["ruff", "format", "--check", *CODE],
        ["ruff", "check", *CODE],
        ["ty", "check", "pipelines", "warehouse", "dashboard", "quality"],
    ],
    ids=["format", "lint", "types"],
)
def test_code_is_clean(command: list[str]) -> None:
    tool = Path(sys.executable).parent / command[0]
    done = subprocess.run([tool, *command[1:]], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_ci_runs_the_readme_test_command() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    commands = re.findall(r"```sh\n(python3 -m venv .*)\n```", readme)
    assert len(commands) == 2
    assert (ROOT / ".ci/run").read_text(encoding="utf-8").rstrip().endswith(commands[1])


def test_top_level_is_the_fixed_one() -> None:
    tracked = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    top = {line.split("/")[0] for line in tracked.stdout.splitlines()}
    assert {name for name in top if not name.startswith(".")} <= ALLOWED


def test_test_modules_have_names_of_their_own() -> None:
    found = [path.name for path in (ROOT / "tests").rglob("test_*.py")]
    assert len(found) > 50 and len(set(found)) == len(found)


def test_lock_names_no_address_and_every_package_has_hashes() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in lock and "index-url" not in lock
    blocks = re.split(r"\n(?=\S)", lock.strip())
    assert all("--hash=sha256:" in block for block in blocks)
