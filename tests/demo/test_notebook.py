"""The notebooks that ship run from top to bottom on the demo's lake, and carry no outputs in the repository."""

import json

import nbclient
import nbformat
import pytest

from lake.bundled import bundled
from tests.demo.lakes import weather_lake  # noqa: F401 - a fixture

NOTEBOOKS = sorted(bundled("notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_a_notebook_carries_no_outputs(path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    assert not any(cell.get("outputs") or cell.get("execution_count") for cell in cells)


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_a_notebook_runs_twice_on_the_lake_of_the_demo(weather_lake, path):  # noqa: F811
    for _ in range(2):
        notebook = nbformat.read(path, as_version=4)
        folder = str(weather_lake.directory.path)
        done = nbclient.NotebookClient(
            notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": folder}}
        ).execute()
        texts = [output["data"] for cell in done.cells for output in cell.get("outputs", []) if "data" in output]
        assert any("'files': 92" in data["text/plain"] for data in texts)
        assert any("2013-01-31" in data["text/plain"] for data in texts)
