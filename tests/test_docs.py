"""Every example in README and docs does what the page says; and the runner that says so finds planted errors."""

import json
import os
import re
import textwrap
from pathlib import Path

import botocore.session
import pytest

from tests.docs_account import make_account
from tests.docs_runner import Mismatch, matches, read_blocks, read_commands, run_page

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("**/*.md"))]


ON_AWS = ROOT / "docs" / "aws.md"


@pytest.fixture(params=PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def blocks_run(request, tmp_path, monkeypatch):
    """Run a page. A story of a dozen real commands takes longer than a test of the quick depth may, so it is set-up."""
    if request.param == ON_AWS:
        environment = make_account(request.getfixturevalue("cloud"), Path(os.environ["HOME"]))
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
    return run_page(request.param, tmp_path)


def test_every_example_of_the_page_does_what_it_says(blocks_run):
    assert blocks_run >= 0


def test_the_actions_of_the_policy_are_those_of_the_services():
    policy = json.loads(re.search(r"```json\n(.*?)```", ON_AWS.read_text(), re.DOTALL)[1])
    actions = [action for statement in policy["Statement"] for action in statement["Action"]]
    assert len(actions) == len(set(actions))
    assert {action.partition(":")[0] for action in actions} == {"glue", "athena", "s3"}
    for service in ("glue", "athena"):
        known = botocore.session.get_session().get_service_model(service).operation_names
        assert not {action.partition(":")[2] for action in actions if action.startswith(service)} - set(known)


@pytest.fixture
def run(tmp_path):
    """Run a page given as text; return how many blocks ran."""

    def run(markdown: str) -> int:
        page = tmp_path / "page.md"
        page.write_text(textwrap.dedent(markdown))
        folder = tmp_path / "empty"
        folder.mkdir()
        return run_page(page, folder)

    return run


def test_a_right_page_passes_and_its_blocks_are_counted(run):
    assert (
        run("""
        # Title
        ```console
        $ echo one; echo two >&2
        one
        two
        $ mkdir l && cd l
        $ export GREETING="good  day"
        ```
        Later on:
        ```console
        $ basename "$PWD"; echo "$GREETING"
        l
        good  day
        ```
        ```sql
        not ours
        ```
        """)
        == 2
    )


def test_a_planted_wrong_output_is_found_with_page_and_line(run):
    with pytest.raises(Mismatch, match=r"page.md, line 4: `echo right` printed otherwise(?s:.*)-wrong\n\+right"):
        run("\n\n```console\n$ echo right\nwrong\n```\n")


@pytest.mark.parametrize(
    "block",
    [
        "$ echo unasked",
        "$ true\nexpected",
        "$ printf 'a\\nb\\n'\na",
        "$ echo a\na\nb",
        "$ false",
        "$ true  # exit 2",
        "$ sh -c 'exit 3'  # exit 2",
        "$ no-such-command-at-all",
    ],
)
def test_each_kind_of_planted_error_is_found(run, block):
    with pytest.raises(Mismatch):
        run(f"```console\n{block}\n```\n")


def test_an_expected_exit_code_is_written_as_a_comment(run):
    assert run("```console\n$ sh -c 'echo oops; exit 2'  # exit 2\noops\n```\n") == 1


def test_the_folder_lasts_even_after_a_command_that_exits(run):
    assert run("```console\n$ mkdir a; cd a; exit 4  # exit 4\n$ basename $PWD\na\n```\n") == 1


def test_commands_see_a_terminal_without_colour(run):
    assert run("```console\n$ test -t 0 && test -t 1 && test -t 2 && echo $COLUMNS $NO_COLOR\n100 1\n```\n") == 1


def test_long_commands_continue_as_shells_show_them(run):
    assert run("```console\n$ echo a \\\n    b\na b\n$ cat <<END\n> two\n> lines\n> END\ntwo\nlines\n```\n") == 1


def test_the_programs_of_this_environment_come_first(run):
    assert run("```console\n$ python -c 'import pytest, pyarrow'\n```\n") == 1


def test_a_block_marked_as_not_run_is_left_alone(run):
    assert run("<!-- not run: needs an AWS account -->\n```console\n$ exit 1\n```\n\n```console\n$ true\n```\n") == 1


def test_python_blocks_share_their_names_and_the_folder_of_the_shell(run):
    assert (
        run("""
        ```console
        $ mkdir lake; cd lake; echo hello >file
        ```
        ```python
        text = open("file").read()
        ```
        ```python
        >>> text
        'hello\\n'
        >>> 40 + 2
        42
        ```
        """)
        == 3
    )


@pytest.mark.parametrize(
    "code", ["1 / 0", "assert 1 == 2", ">>> 1 + 1\n3", "undefined_name", "import sys; sys.exit(1)"]
)
def test_a_planted_error_in_python_is_found(run, code):
    with pytest.raises(Mismatch, match="line 2"):
        run(f"```python\n{code}\n```\n")


def test_three_dots_stand_for_lines_or_for_text_within_one():
    assert matches("a\n...\nz", "a\nb\nc\nz\n")
    assert matches("a\n...\nz", "a\nz\n")
    assert matches("done in ... s", "done in 0.31 s\n")
    assert not matches("a\n...\nz", "a\nb\n")
    assert not matches("done in ... s", "done in 0.31 m\n")


def test_a_block_is_found_in_a_list_and_before_text_of_the_same_shape():
    markdown = "- first:\n\n  ```console\n  $ echo a\n  a\n  ```\n\n````python\nx = '```'\n````\n"
    first, second = read_blocks(markdown)
    assert (first.text, first.line) == ("$ echo a\na\n", 4)
    assert second.text == "x = '```'\n"


def test_a_console_block_that_begins_without_a_command_is_refused():
    with pytest.raises(Mismatch, match="begins with"):
        list(read_commands(read_blocks("```console\noutput first\n```\n")[0]))
