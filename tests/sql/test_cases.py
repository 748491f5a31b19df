"""What Trino answered to queries of our own stays our answer; the files say what they are about."""

from pathlib import Path

import pytest

import lake
from tests.conformance.adapter import Asker
from tests.oracle.answers import ask_ours, difference, shown
from tests.sql.case_files import FOLDER, read_cases, write_cases

FILES = sorted(FOLDER.glob("*.sql"))


@pytest.fixture(scope="module")
def asker(tmp_path_factory: pytest.TempPathFactory):
    folder = tmp_path_factory.mktemp("cases") / "lake"
    lake.create_lake(folder)
    with Asker({None: folder}) as asker:
        yield asker


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_our_answers_are_trinos(asker: Asker, file: Path):
    faults = []
    for case in read_cases(file)[1]:
        assert case.said is not None, f"no answer is recorded: {case.sql}"
        ours = ask_ours(asker, case.sql)
        if difference(case.sql, case.said, ours):
            faults.append(shown(case.sql, case.said, ours))
    assert "\n".join(faults) == ""


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_file_of_cases_is_written_as_it_is_read(file: Path, tmp_path: Path):
    write_cases(tmp_path / "again.sql", *read_cases(file))
    assert (tmp_path / "again.sql").read_text() == file.read_text()
