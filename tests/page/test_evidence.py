"""What a proposal rests on is said in the language of the reader, from the facts that are kept."""

import html
import re
from typing import Any

import pytest

from pipeline import ledger
from pipeline.domain import seen
from pipeline.matching import sentences
from pipeline.page import evidence
from tests.page.desk import Browser, app_of
from tests.review.desk import Desk

LANGUAGES = ("de", "en", "fr")


def _items(desk: Desk) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = desk.run("list")["exceptions"]
    return found


def test_all_catalogues_say_the_same_things_with_the_same_blanks() -> None:
    english = seen.catalogue("en")
    for code in LANGUAGES:
        words = seen.catalogue(code)
        assert list(words) == list(english), code
        assert list(words["seen"]) == list(english["seen"]), code
        for key, text in [*english.items(), *english["seen"].items()]:
            if isinstance(text, str):
                other = str(words.get(key, words["seen"].get(key)))
                assert set(re.findall(r"{\w*}", other)) <= {*re.findall(r"{\w*}", text),
                                                            "{who}", "{of_who}", "{whole}",
                                                            "{of_whole}"}, (code, key)  # fmt: skip
                assert other.count("{") == text.count("{"), (code, key)


def test_said_again_in_english_each_sentence_is_the_one_that_was_stored(desk: Desk) -> None:
    """So the facts that are kept suffice, on both databases; whatever was posted and is open."""
    number = desk.id("DE-EUR/212/15")
    desk.run("accept", number)
    desk.run("reject", desk.id("DE-EUR/211/4"))
    with ledger.open(desk.settings.ledger) as book:
        rows = book.rows("SELECT line_id, rank, explanation FROM proposal ORDER BY line_id, rank")
        stored = {(line_id, rank): explanation for line_id, rank, explanation in rows}
        again = evidence.told(book, {line_id for line_id, _ in stored}, sentences.IN_ENGLISH)
    assert len(stored) > 60
    assert again == stored


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (
            "de",
            [
                "nennt RE-2026-1038",
                "das Konto ist für eine andere Partei hinterlegt",
                "642,60 EUR ist",
            ],
        ),
        ("fr", ["cite RE-2026-1038", "le compte est connu pour un autre tiers", "642,60 EUR est"]),
    ],
)
def test_the_page_says_it_in_german_and_french(lite: Desk, code: str, said: list[str]) -> None:
    anna = Browser(app_of(lite.settings))
    anna.client.headers["accept-language"] = code
    path = f"/item/{lite.id('DE-EUR/212/15')}"
    item, listed = (html.unescape(anna.get(where).text) for where in (path, "/"))
    for words in said:
        assert words in item
        assert words in listed
    english = {
        one["explanation"] for row in _items(lite) for one in row["candidates"]
        if not one["explanation"].startswith("type code")
    }  # fmt: skip
    assert english
    for row in _items(lite):
        shown = html.unescape(anna.get(f"/item/{row['id']}").text)
        assert not [words for words in english if words in shown], row["id"]
