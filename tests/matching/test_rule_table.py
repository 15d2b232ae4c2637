"""The table of rules is what the engine goes by, and what people read."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline import matching
from pipeline.matching.cases import Answer
from pipeline.matching.levels import LEVELS
from pipeline.matching.rule_table import BY_NAME, RULES

SOURCES = sorted(Path(matching.__file__).parent.glob("*.py"))
PAGE = Path(__file__).parents[2] / "docs" / "matching-rules.md"


def constants() -> set[str]:
    return {
        node.value
        for source in SOURCES
        if source.name != "rule_table.py"
        for node in ast.walk(ast.parse(source.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def answered() -> Iterator[ast.expr]:
    """The rule of each answer that the code writes down."""
    for source in SOURCES:
        for node in ast.walk(ast.parse(source.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Answer":
                yield node.args[1]


def test_every_rule_that_answers_is_in_the_table() -> None:
    names = {node.value for node in answered() if isinstance(node, ast.Constant)}
    starts = {
        node.values[0].value
        for node in answered()
        if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant)
    }
    assert names <= BY_NAME.keys()
    assert all(any(name.startswith(str(start)) for name in BY_NAME) for start in starts)


def test_every_row_is_used_and_named_once() -> None:
    written = constants()
    unused = [
        name
        for name in BY_NAME
        if name not in written
        and not any(
            name == f"{start}{end}" for start in ("document_", "near_", "party_") for end in written
        )
    ]
    assert unused == []
    assert len(BY_NAME) == len(RULES)


def test_no_rule_is_surer_than_its_row() -> None:
    assert not BY_NAME["party_tie"].may_post
    with pytest.raises(ValueError, match="'party_tie' is high, it may be low at most"):
        Answer("high", "party_tie")
    with pytest.raises(ValueError, match="'guess' is not in the rule table"):
        Answer("low", "guess")


def test_the_page_that_people_read_is_the_table() -> None:
    rows = [line for line in PAGE.read_text("utf-8").splitlines() if line.startswith("| `")]
    posts = {True: "yes", False: "no"}
    rules = [
        f"| `{rule.name}` | {rule.meaning} | {rule.most} | {posts[rule.may_post]} |"
        for rule in RULES
    ]
    assert rows == rules + [f"| `{name}` | {meaning} |" for name, meaning in LEVELS.items()]
