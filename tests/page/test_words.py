"""Every language says everything, with the same words filled in."""

import re
import tomllib
from pathlib import Path

import pipeline
from pipeline import page
from pipeline.ledger.decisions import DECIDING
from pipeline.ledger.feed_fates import ENDED_BY
from pipeline.review import HINTS

FOLDER = Path(page.__file__).parent
CATALOGUES = {path.stem: tomllib.loads(path.read_text("utf-8"))
              for path in sorted((FOLDER / "texts").glob("*.toml"))}  # fmt: skip


def test_all_catalogues_have_the_same_keys_and_blanks() -> None:
    assert set(CATALOGUES) == {"de", "en", "fr"}
    english = CATALOGUES["en"]
    for code, words in CATALOGUES.items():
        assert words.keys() == english.keys(), code
        for key, text in english.items():
            if isinstance(text, str):
                blanks = re.findall(r"\{\w+\}", text)
                assert sorted(re.findall(r"\{\w+\}", words[key])) == sorted(blanks), (code, key)
        if code != "en":
            assert words["reasons"].keys() == HINTS.keys(), code
            assert words["hints"].keys() == HINTS.keys(), code
            assert words["held_by"].keys() == {*english["held_by"], *ENDED_BY}, code
        assert words["registers"].keys() == english["registers"].keys(), code


def test_why_a_statement_is_held_has_words_for_each_code_that_feeds_and_ledger_give() -> None:
    given = set()
    for name in ("feeds", "ledger"):
        for path in (Path(pipeline.__file__).parent / name).glob("*.py"):
            text = path.read_text("utf-8")
            given |= set(re.findall(r'Fate\("held", "(\w+)"', text))
            given |= set(re.findall(r'odd = \("(\w+)"', text))
            if path.stem == "mt940":
                given |= set(re.findall(r'return "(\w+)", f?"\w', text))
            given |= set(re.findall(r'"(\w+)" if (?:hidden|hold) else', text))
            given |= set(re.findall(r'else "(bad_\w+)"', text))
    known = {*CATALOGUES["en"]["held_by"], *ENDED_BY}
    assert {"overlap", "no_opening", "does_not_tie", "bad_value_date"} <= given
    assert given <= known, given - known


def test_whatever_people_did_and_levels_have_words() -> None:
    english = CATALOGUES["en"]
    for action in (*DECIDING, "assign", "escalate", "later", "comment"):
        assert f"did_{action.replace('-', '_')}" in english
    for level in ("high", "medium", "low", "none", "manual", "accepted"):
        assert f"level_{level}" in english


def test_every_word_that_a_template_asks_for_is_there() -> None:
    said = {
        key
        for path in (FOLDER / "templates").glob("*.html")
        for key in re.findall(r"\bsay\(\"(\w+)\"[,)]", path.read_text("utf-8"))
    }
    assert said - CATALOGUES["en"].keys() == set()
