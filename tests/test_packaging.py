"""What is built is what is used: the wheel, the sdist, and a wheel from the sdist, installed outside the clone.

Everything happens in a copy of the clone's own files, with git-ignored junk planted into it.
"""

import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
JUNK = (
    "lake/.DS_Store",
    "lake/commands/.ipynb_checkpoints/planted.py",
    "queries/.DS_Store",
    "infra/cdk.out/planted.json",
    "notebooks/.ipynb_checkpoints/planted.ipynb",
    "lake/planted.pyc",
)
TOP_FOLDERS = {"lake", "queries", "infra", "notebooks"}


def run(*argv: str | Path, cwd: Path, **variables: str) -> str:
    done = subprocess.run(
        [str(part) for part in argv], cwd=cwd, env=os.environ | variables, capture_output=True, text=True
    )
    assert done.returncode == 0, f"{argv} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="session")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files that git knows or would take, and junk that it ignores."""
    clone = tmp_path_factory.mktemp("clone")
    names = run("git", "ls-files", "--cached", "--others", "--exclude-standard", "-z", cwd=ROOT)
    for name in filter(None, names.split("\0")):
        if (ROOT / name).is_file():
            (clone / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, clone / name)
    for name in JUNK:
        (clone / name).parent.mkdir(parents=True, exist_ok=True)
        (clone / name).write_text("planted")
    ignored = run("git", "check-ignore", "--no-index", *JUNK, cwd=ROOT).split()
    assert set(ignored) == set(JUNK), "this junk is not git-ignored: it proves nothing"
    return clone


@pytest.fixture(scope="session")
def sdist(clone: Path) -> Path:
    return build("sdist", clone, clone / "dist" / "sdist")


@pytest.fixture(scope="session")
def wheel(clone: Path) -> Path:
    return build("wheel", clone, clone / "dist" / "wheel")


@pytest.fixture(scope="session")
def wheel_of_sdist(sdist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sdist")
    with tarfile.open(sdist) as archive:
        archive.extractall(folder, filter="data")
    (source,) = folder.iterdir()
    return build("wheel", source, folder / "dist")


def build(target: str, source: Path, out: Path) -> Path:
    """Build with the hatchling of this environment: quick, and the same as pip does in an isolated one."""
    run(sys.executable, "-m", "hatchling", "build", "-t", target, "-d", out, cwd=source)
    (built,) = out.iterdir()
    return built


def names_in(wheel: Path) -> set[str]:
    return set(zipfile.ZipFile(wheel).namelist())


def test_lake_is_the_only_top_level_name_of_the_wheel(wheel):
    tops = {name.split("/")[0] for name in names_in(wheel)}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"lake"}


def test_what_git_ignores_is_in_no_artefact(wheel, sdist, wheel_of_sdist):
    with tarfile.open(sdist) as archive:
        names = set(archive.getnames())
    for name in names | names_in(wheel) | names_in(wheel_of_sdist):
        assert not re.search(r"planted|\.DS_Store|\.ipynb_checkpoints|cdk\.out|\.pyc$", name), name


def test_queries_infra_and_notebooks_travel_inside_the_package(wheel, clone):
    names = names_in(wheel)
    for folder in TOP_FOLDERS - {"lake"}:
        files = [path for path in (clone / folder).rglob("*") if path.is_file()]
        kept = [path.relative_to(clone).as_posix() for path in files if path.relative_to(clone).as_posix() not in JUNK]
        assert kept, f"{folder}/ is empty"
        assert {f"lake/_bundled/{name}" for name in kept} <= names


def test_the_wheel_of_the_sdist_is_the_wheel(wheel, wheel_of_sdist):
    assert names_in(wheel_of_sdist) == names_in(wheel)


def test_the_wheel_is_typed_licensed_and_has_its_command(wheel):
    names = names_in(wheel)
    assert "lake/py.typed" in names
    (metadata,) = (name for name in names if name.endswith(".dist-info/METADATA"))
    with zipfile.ZipFile(wheel) as archive:
        text = archive.read(metadata).decode()
        assert "License-Expression: Apache-2.0" in text
        points = archive.read(metadata.replace("METADATA", "entry_points.txt")).decode()
    assert "tap-lake = lake.commands:main" in points


def test_the_clone_has_no_bundled_copy():
    assert not (ROOT / "lake" / "_bundled").exists()


@pytest.mark.slow
@pytest.mark.parametrize("artefact", ["wheel", "wheel_of_sdist"])
def test_an_installed_wheel_runs_its_named_queries_outside_the_clone(artefact, request, tmp_path):
    """A fresh venv, its dependencies from the index, nothing of the clone in sight."""
    run(sys.executable, "-m", "venv", tmp_path / "venv", cwd=tmp_path)
    python, command = tmp_path / "venv/bin/python", tmp_path / "venv/bin/tap-lake"
    cache = str(ROOT / "tests" / ".cache" / "pip")
    wheel = request.getfixturevalue(artefact)
    run(python, "-m", "pip", "install", "--quiet", "--no-input", wheel, cwd=tmp_path, PIP_CACHE_DIR=cache)

    tops = "import importlib.metadata as m; print(*{f.parts[0] for f in m.files('tap-lake') if '..' not in f.parts})"
    installed = run(python, "-c", tops, cwd=tmp_path).split()
    assert {top for top in installed if not top.endswith(".dist-info")} == {"lake"}
    where = Path(run(python, "-c", "import lake; print(lake.__file__)", cwd=tmp_path).strip())
    assert where.is_relative_to(tmp_path / "venv")
    assert (where.parent / "_bundled" / "queries").is_dir()

    run(command, "demo", tmp_path / "lake", cwd=tmp_path)
    named = run(command, "--lake", tmp_path / "lake", "queries", "list", "--csv", cwd=tmp_path)
    assert "daily_means" in named
    answer = run(
        command, "--lake", tmp_path / "lake", "query", "@daily_means", "-p", "metric=temp", "--csv", cwd=tmp_path
    )
    head, *rows = answer.splitlines()
    assert head == "dt,id,mean,least,greatest,readings"
    assert {row.split(",")[1] for row in rows} == {"EWR", "JFK", "LGA"}
