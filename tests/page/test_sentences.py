"""What the program says in English the page says in the language of the reader."""

import ast
import itertools
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

import pipeline
from pipeline.page import sentences
from pipeline.page.words import language

ROOT = Path(pipeline.__file__).parent
SAID_ON_THE_PAGE = (
    *sorted((ROOT / "decisions").glob("*.py")),
    *(ROOT / "corrections" / f"{name}.py"
      for name in ("naming", "reversing", "conflicts", "statements", "unapplying")),
    *(ROOT / "teaching" / f"{name}.py" for name in ("lessons", "changing", "words")),
    *(ROOT / "posting" / f"{name}.py" for name in ("unapplication", "reversal")),
    *(ROOT / "page" / f"{name}.py" for name in ("asked", "held", "mappings", "posted")),
    *(ROOT / "ledger" / f"{name}.py" for name in ("decisions", "mappings", "closings")),
    ROOT / "named.py", ROOT / "domain" / "money.py",
)  # fmt: skip


def _texts(node: ast.expr) -> list[str]:
    """What an expression may say, 7 in each blank."""
    match node:
        case ast.Constant(value=str(text)):
            return [text]
        case ast.JoinedStr(values=values):
            return ["".join(parts) for parts in itertools.product(*map(_texts, values))]
        case ast.IfExp(body=one, orelse=other):
            return [*_texts(one), *_texts(other)]
        case ast.FormattedValue(value=ast.IfExp() as either):
            return _texts(either)
        case ast.FormattedValue():
            return ["7"]
    return []


def _refusals(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("Error"):
            for said in node.args:
                yield from _texts(said)


@pytest.mark.parametrize("code", ["de", "fr"])
def test_every_refusal_that_the_page_may_show_is_said_in_each_language(code: str) -> None:
    found = {text for path in SAID_ON_THE_PAGE for text in _refusals(path)}
    assert len(found) > 60
    told = {text: sentences.said(text, code, lambda _, value: value) for text in found}
    assert [t for t in sorted(found) if told[t] == t and re.search("[a-z]{3}", t)] == []


def test_both_catalogues_say_the_same_sentences_with_the_same_blanks() -> None:
    folder = Path(sentences.__file__).parent / "sentences"
    german, french = (tomllib.loads((folder / f"{code}.toml").read_text("utf-8"))
                      for code in ("de", "fr"))  # fmt: skip
    assert german.keys() == french.keys()
    for english in german:
        blanks = set(re.findall(r"\{(\w+)\}", english))
        for words in (german, french):
            assert set(re.findall(r"\{(\w+)\}", words[english])) <= blanks, english


def test_a_sentence_is_filled_in_as_the_reader_writes() -> None:
    german, english = language("de-DE"), language("en")
    left = "12.50 EUR of the line is not explained; add a document, --account ACCOUNT=AMOUNT or"
    left += " --on-account"
    assert german.told(left).startswith("12,50 EUR des Umsatzes sind nicht erklärt")
    assert english.told(left) == left
    assert german.told("RE-1=1,234: 1,234 has more than 2 decimals for EUR") == (
        "RE-1=1,234: 1,234 hat mehr als 2 Dezimalen, EUR hat nicht mehr"
    ), "a sentence in a sentence"
    assert german.told(
        "exception 7 is settled already: to-account by anna; nothing was written"
    ) == ("Klärfall 7 ist schon erledigt: anna hat auf ein Sachkonto gebucht")
    assert german.told("the ledger ate it") == "the ledger ate it", "better English than nothing"
    assert german.told("line : " * 500 + "x" * 9) != "", "whatever a bank writes costs no time"
