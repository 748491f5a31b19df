"""A venv for each client and peer that we did not write: `make clients`.

`tests/clients/<name>/requirements.txt` becomes `.venvs/<name>-<hash of that file>`, made once; venvs of earlier requirements are removed.
Tests ask `client_python(name)` for the interpreter.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CLIENTS = ROOT / "tests" / "clients"
VENVS = ROOT / ".venvs"


def client_python(name: str) -> Path:
    """The interpreter of a client's venv; raises FileNotFoundError when `make clients` has not made it."""
    python = venv_of(CLIENTS / name / "requirements.txt") / "bin" / "python"
    if not is_complete(python.parent.parent):
        raise FileNotFoundError(f"{python} is absent: run `make clients`")
    return python


def is_complete(venv: Path) -> bool:
    return (venv / ".complete").exists()


def venv_of(requirements: Path, venvs: Path | None = None) -> Path:
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    digest = hashlib.sha256(requirements.read_bytes() + version.encode()).hexdigest()[:12]
    return (venvs or VENVS) / f"{requirements.parent.name}-{digest}"


def make_venv(requirements: Path, venv: Path) -> None:
    """Make it whole or not at all; venvs of earlier requirements of the same client go first."""
    name = requirements.parent.name
    print(f"clients: installing {name} into {venv.name} (once, until its requirements change)", flush=True)
    for old in venv.parent.glob(f"{name}-{'[0-9a-f]' * 12}"):
        shutil.rmtree(old)
    uv = shutil.which("uv")
    create = [uv, "venv", "--quiet", "--python", sys.executable] if uv else [sys.executable, "-m", "venv"]
    subprocess.run([*create, str(venv)], check=True)
    python = str(venv / "bin" / "python")
    install = [uv, "pip", "install", "--python", python] if uv else [python, "-m", "pip", "install", "--no-input"]
    try:
        subprocess.run([*install, "--quiet", "--requirement", str(requirements)], check=True)
    except BaseException:
        shutil.rmtree(venv)
        raise
    (venv / ".complete").touch()  # a killed install has none, and is made anew


def main(clients: Path = CLIENTS, venvs: Path = VENVS) -> int:
    found = sorted(clients.glob("*/requirements.txt"))
    if not found:
        print("clients: there are none yet (a client is a folder tests/clients/<name>/ with a requirements.txt)")
        return 0
    failed = []
    for requirements in found:
        venv = venv_of(requirements, venvs)
        if is_complete(venv):
            continue
        try:
            make_venv(requirements, venv)
        except subprocess.CalledProcessError as error:
            failed.append(requirements.parent.name)
            print(f"clients: {requirements.parent.name} could not be installed: {error}", file=sys.stderr)
    print(f"clients: {len(found) - len(failed)} of {len(found)} ready")
    return 1 if failed else 0


if __name__ == "__main__":
    os.environ.pop("PYTHONPATH", None)
    sys.exit(main())
