"""What the procedure tells an auditor is there: each test and each command that it names."""

import re
from pathlib import Path

import pytest

from pipeline import cli

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "docs" / "procedure.md").read_text("utf-8")
TESTS = sorted(set(re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", TEXT)))
COMMANDS = sorted(set(re.findall(r"`lettrage ([a-z-]+(?: [a-z][a-z-]*)?)", TEXT)))


@pytest.mark.parametrize(("path", "name"), TESTS)
def test_a_test_that_is_named_is_there(path: str, name: str) -> None:
    text = (ROOT / path).read_text("utf-8")
    assert not name or f"def {name}(" in text


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_that_is_named_is_there(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.parser().parse_args([*command.split(), "--help"])
    assert ended.value.code == 0, capsys.readouterr().err


def test_there_is_something_to_check() -> None:
    assert len(TESTS) > 30
    assert len(COMMANDS) > 5
