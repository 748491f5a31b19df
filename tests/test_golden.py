"""The golden-file helper finds a difference, shows it, and accepts it only when told."""

from pathlib import Path

import pytest

from tests import golden as golden_files
from tests.golden import golden


@pytest.fixture(autouse=True)
def golden_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(golden_files, "FOLDER", tmp_path / "golden")
    monkeypatch.delenv("UPDATE_GOLDEN", raising=False)
    return tmp_path / "golden"


def test_an_absent_golden_file_fails_and_says_how_to_write_it(golden_folder):
    with pytest.raises(AssertionError, match="UPDATE_GOLDEN=1"):
        golden("new.txt", "hello\n")
    assert not golden_folder.exists()


def test_updating_writes_and_the_same_text_then_passes(golden_folder, monkeypatch):
    monkeypatch.setenv("UPDATE_GOLDEN", "1")
    golden("formats/wide.csv", "a,b\n1,ü\n")
    monkeypatch.delenv("UPDATE_GOLDEN")
    golden("formats/wide.csv", "a,b\n1,ü\n")
    assert (golden_folder / "formats/wide.csv").read_bytes() == "a,b\n1,ü\n".encode()


def test_a_difference_of_line_ends_alone_is_found_and_shown(monkeypatch):
    monkeypatch.setenv("UPDATE_GOLDEN", "1")
    golden("rows.csv", "a\nb\n")
    monkeypatch.delenv("UPDATE_GOLDEN")
    with pytest.raises(AssertionError) as failure:
        golden("rows.csv", "a\r\nb\n")
    assert "-a\\n" in str(failure.value)
    assert "+a\\r\\n" in str(failure.value)


def test_a_binary_difference_names_the_first_differing_byte(monkeypatch):
    monkeypatch.setenv("UPDATE_GOLDEN", "1")
    golden("rows.parquet", b"PAR1\xff\x00")
    monkeypatch.delenv("UPDATE_GOLDEN")
    with pytest.raises(AssertionError, match="at byte 5"):
        golden("rows.parquet", b"PAR1\xff\x01")
