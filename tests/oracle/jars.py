"""Trino 422 as jars from Maven Central, and our small main class beside them: fetched and compiled once into `tests/.cache`.

Trino is a server, but `trino-main` carries the runner of its own tests, which answers queries without one. `TRINO_JARS` may name a
folder with the jars instead. `jars.sha256` says what each of them has to be.
"""

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from tests.servers import CACHE, absent, fetch_jars

HERE = Path(__file__).parent
VERSION = "422"
SOURCE = HERE / "Oracle.java"
OLDEST_JAVA = 17


def class_path() -> str:
    """Return what Java needs to run `Oracle`; skip the test, or fail in CI, where it cannot be had."""
    require_java()
    CACHE.mkdir(exist_ok=True)
    with (CACHE / "trino.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # parallel workers fetch once
        jars = Path(os.environ["TRINO_JARS"]) if "TRINO_JARS" in os.environ else fetched()
        return f"{compiled(jars)}:{jars}/*"


def require_java() -> None:
    for program in ("java", "javac"):
        if shutil.which(program) is None:
            absent(f"Trino needs Java {OLDEST_JAVA} or newer, and no `{program}` is on PATH")
    said = subprocess.run(["javac", "-version"], capture_output=True, text=True, timeout=60)
    found = re.search(r"javac (\d+)", said.stdout + said.stderr)
    if found is None or int(found[1]) < OLDEST_JAVA:
        absent(f"Trino needs Java {OLDEST_JAVA} or newer, and this is {(said.stdout or said.stderr).strip()}")


def fetched() -> Path:
    jars = CACHE / f"trino-{VERSION}"
    if not jars.exists():
        fetch_jars(jars, f"io.trino:trino-main:{VERSION}", product="Trino", variable="TRINO_JARS", check=check)
    return jars


def check(jars: Path) -> None:
    """Raise AssertionError unless exactly the jars of `jars.sha256` are there."""
    expected = {name: digest for digest, name in map(str.split, (HERE / "jars.sha256").read_text().splitlines())}
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in jars.glob("*.jar")}
    odd = sorted(name for name in expected.keys() | found.keys() if expected.get(name) != found.get(name))
    assert not odd, f"not the jars that were expected: {', '.join(odd)}"


def compiled(jars: Path) -> Path:
    digest = hashlib.sha256(SOURCE.read_bytes()).hexdigest()[:16]
    classes = CACHE / f"oracle-{digest}"
    if not classes.exists():
        with tempfile.TemporaryDirectory(dir=CACHE) as folder:
            argv = ["javac", "-nowarn", "-cp", f"{jars}/*", "-d", f"{folder}/classes", str(SOURCE)]
            subprocess.run(argv, check=True, capture_output=True, timeout=120)
            Path(folder, "classes").rename(classes)
    return classes
