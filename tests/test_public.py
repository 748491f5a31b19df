"""What `import lake` offers, and what it leaves alone."""

import subprocess
import sys
from pathlib import Path

import pytest

import lake

ROOT = Path(lake.__file__).resolve().parent.parent
HEAVY = ("pyarrow", "pandas", "duckdb", "sqlglot", "boto3", "click", "rich", "sqlite3")

STANDARD_LIBRARY_ONLY = (
    "lake.model",
    "lake.errors",
    "lake.interfaces",
)


def test_the_public_surface() -> None:
    assert set(dir(lake)) == set(lake.__all__)
    for name in lake.__all__:
        assert getattr(lake, name) is not None
    with pytest.raises(AttributeError, match="'nothing'"):
        lake.nothing  # noqa: B018


def test_importing_it_loads_nothing_heavy() -> None:
    code = f"import lake, sys; print([name for name in {HEAVY} if name in sys.modules])"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert answer.stdout == "[]\n"


@pytest.mark.parametrize("module", STANDARD_LIBRARY_ONLY)
def test_a_function_in_the_cloud_can_carry_it(module: str) -> None:
    code = f"import sys; sys.path.insert(0, {str(ROOT)!r}); import {module}"
    answer = subprocess.run([sys.executable, "-S", "-I", "-c", code], capture_output=True, text=True)
    assert (answer.returncode, answer.stderr) == (0, "")
