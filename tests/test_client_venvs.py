"""Clients get venvs of their own, made once, and made anew when their requirements change."""

from pathlib import Path

import pytest

from tests import client_venvs
from tests.client_venvs import main, venv_of


@pytest.fixture
def requirements(tmp_path: Path) -> Path:
    path = tmp_path / "clients" / "some-client" / "requirements.txt"
    path.parent.mkdir(parents=True)
    path.write_text("# nothing but the standard library\n")
    return path


def test_without_clients_it_says_so_and_succeeds(tmp_path, capsys):
    assert main(tmp_path / "clients", tmp_path / "venvs") == 0
    assert "there are none yet" in capsys.readouterr().out


def test_a_venv_is_named_after_its_requirements_and_python(requirements, tmp_path):
    before = venv_of(requirements, tmp_path)
    requirements.write_text("# changed\n")
    assert venv_of(requirements, tmp_path) != before
    assert before.name.startswith("some-client-")


@pytest.mark.slow
def test_a_venv_is_made_once_and_replaced_when_its_requirements_change(requirements, tmp_path, capsys):
    venvs = tmp_path / "venvs"
    assert main(tmp_path / "clients", venvs) == 0
    assert "installing some-client" in capsys.readouterr().out
    assert main(tmp_path / "clients", venvs) == 0
    assert "installing" not in capsys.readouterr().out
    requirements.write_text("# changed\n")
    assert main(tmp_path / "clients", venvs) == 0
    assert [path.name for path in venvs.iterdir()] == [venv_of(requirements, venvs).name]


@pytest.mark.slow
def test_requirements_that_cannot_be_installed_fail_and_leave_nothing(requirements, tmp_path, capsys):
    requirements.write_text("./no-such-folder-here\n")
    assert main(tmp_path / "clients", tmp_path / "venvs") == 1
    assert "could not be installed" in capsys.readouterr().err
    assert list((tmp_path / "venvs").iterdir()) == []


def test_a_client_that_was_not_made_says_what_makes_it(requirements, tmp_path, monkeypatch):
    monkeypatch.setattr(client_venvs, "CLIENTS", tmp_path / "clients")
    monkeypatch.setattr(client_venvs, "VENVS", tmp_path / "venvs")
    with pytest.raises(FileNotFoundError, match="make clients"):
        client_venvs.client_python("some-client")
