"""Every language says everything, with the same words filled in."""

import re
import tomllib
from pathlib import Path

from pipeline import page
from pipeline.ledger.decisions import DECIDING
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
