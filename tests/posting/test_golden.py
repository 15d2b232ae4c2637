"""Each row of the posting table (accounting rules, section 1), from loaded books to the export.

``pytest tests/posting/test_golden.py --write-golden`` writes anew what stands below *Then*, and
fails, so that nobody takes a written file for a checked one.
"""

from pathlib import Path

import pytest

from pipeline import config, ledger, steps
from pipeline.ledger.export import export
from pipeline.ledger.verify import verify
from tests.posting.golden_case import FOLDER, THEN, minor, play, told

CASES = sorted(path.stem for path in FOLDER.glob("*.md"))
ON_POSTGRES = ["discount-in-time", "credit-memo", "payment-run", "customer-refund"]


def check(name: str, url: str, folder: Path) -> config.Settings:
    story, _, then = (FOLDER / f"{name}.md").read_text("utf-8").partition(THEN)
    settings = play(story, url, folder)
    assert told(settings) == then
    holds(settings, folder)
    assert told(settings) == then, "another night changes nothing"
    return settings


def holds(settings: config.Settings, folder: Path) -> None:
    """The books hold before and after another night, and each line adds up."""
    for _ in range(2):
        with ledger.open(settings.ledger) as book:
            assert [(c.invariant, c.ids) for c in verify(book) if c.violations] == []
            rows = export(book, "applications").to_dicts()
            lines = export(book, "lines").to_dicts()
        for row in rows:
            parts = ("applied_amount", "discount_amount", "difference_amount")
            if row["document_no"] and row["party_type"] != "bank":
                assert minor(row["entry_amount"]) == sum(minor(row[part]) for part in parts)
        for line in lines:
            parts = ("applied_amount", "unapplied_amount")
            assert minor(line["amount"]) == sum(minor(line[part]) for part in parts)
        assert steps.nightly(settings, [folder / "inbox"], "tester")["report"]["problems"] == []


@pytest.mark.parametrize("name", CASES)
def test_the_ledger_holds_what_the_file_tells(
    name: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url = f"sqlite:///{tmp_path}/ledger.db"
    if request.config.getoption("--write-golden"):
        path = FOLDER / f"{name}.md"
        story = path.read_text("utf-8").partition(THEN)[0]
        path.write_text(story + THEN + told(play(story, url, tmp_path)), "utf-8")
        pytest.fail("written anew: read it against the accounting rules, then run without")
    check(name, url, tmp_path)


@pytest.mark.parametrize("name", ON_POSTGRES)
def test_postgresql_holds_the_same(name: str, postgres: str, tmp_path: Path) -> None:
    check(name, postgres, tmp_path)
