"""Each row of the posting table (accounting rules, section 1), from loaded books to the export.

``pytest tests/posting/test_golden.py --write-golden`` writes anew what stands below *Then*, and
fails, so that nobody takes a written file for a checked one.
"""

from pathlib import Path

import pytest

from pipeline import config, corrections, ledger, steps
from pipeline.ledger.export import export
from pipeline.ledger.verify import verify
from tests.posting.golden_case import FOLDER, THEN, given, minor, play, played, told
from tests.statements.tying import days_of, not_tied

CASES = sorted(path.stem for path in FOLDER.glob("*.md"))


def check(name: str, url: str, folder: Path) -> None:
    then = (FOLDER / f"{name}.md").read_text("utf-8").partition(THEN)[2]
    settings = played(name, url, folder)
    assert told(settings) == then
    holds(settings, folder)
    assert told(settings) == then, "another night changes nothing"


def holds(settings: config.Settings, folder: Path) -> None:
    """The books hold before and after another night, and each line adds up."""
    _hold(settings)
    assert steps.nightly(settings, [folder / "inbox"], "tester")["report"]["problems"] == []
    _hold(settings)


def _hold(settings: config.Settings) -> None:
    with ledger.open(settings.ledger) as book:
        assert [(c.invariant, c.ids) for c in verify(book) if c.violations] == []
        assert not_tied(book, days_of(book)) == []
        rows = export(book, "applications").to_dicts()
        lines = export(book, "lines").to_dicts()
    for row in rows:
        parts = ("applied_amount", "discount_amount", "difference_amount")
        one_currency = row["entry_currency"] == row["currency"]
        if row["document_no"] and row["party_type"] != "bank" and one_currency:
            assert minor(row["entry_amount"]) == sum(minor(row[part]) for part in parts)
    for line in lines:
        parts = ("applied_amount", "unapplied_amount")
        assert minor(line["amount"]) == sum(minor(line[part]) for part in parts)


@pytest.mark.parametrize("name", CASES)
def test_the_ledger_holds_what_the_file_tells(
    name: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url = f"sqlite:///{tmp_path}/ledger.db"
    if request.config.getoption("--write-golden"):
        path = FOLDER / f"{name}.md"
        story = path.read_text("utf-8").partition(THEN)[0]
        settings = given(story, url, tmp_path)
        play(story, settings, tmp_path)
        path.write_text(story + THEN + told(settings), "utf-8")
        pytest.fail("written anew: read it against the accounting rules, then run without")
    check(name, url, tmp_path)


@pytest.mark.usefixtures("as_a_large_file")
@pytest.mark.parametrize("name", CASES)
def test_reversed_all_is_as_before(name: str, url: str, tmp_path: Path) -> None:
    story, _, then = (FOLDER / f"{name}.md").read_text("utf-8").partition(THEN)
    settings = given(story, url, tmp_path, gap=True)
    before = state(settings)
    play(story, settings, tmp_path)
    assert told(settings) == then.replace(" reconciled,", " posted,")
    undo_all(settings)
    assert state(settings) == before
    with ledger.open(url) as book:
        assert [(c.invariant, c.ids) for c in verify(book) if c.violations] == []
        assert not_tied(book, days_of(book)) == []


def undo_all(settings: config.Settings) -> None:
    """Reverse what lines posted and people un-applied, the last one first."""
    live = (
        "SELECT no FROM journal_entry j WHERE (line_id IS NOT NULL OR kind IN"
        " ('unapplication', 'application'))"
        " AND reverses_no IS NULL"
        " AND NOT EXISTS (SELECT 1 FROM journal_entry r WHERE r.reverses_no = j.no)"
        " ORDER BY no DESC"
    )
    with ledger.open(settings.ledger) as book:
        numbers = [row[0] for row in book.rows(live)]
    assert numbers
    with ledger.kept(settings.ledger):
        for number in numbers:
            assert corrections.reverse(settings, [str(number)], "anna", "mistake")["reversed"]


def state(settings: config.Settings) -> dict[str, list[tuple[object, ...]]]:
    """Balances, what remains of entries and bank entries; closed payment entries left out."""
    queries = {
        "balances": "SELECT gl_account, currency, CAST(sum(amount) AS BIGINT) FROM posting"
        " GROUP BY gl_account, currency HAVING sum(amount) <> 0 ORDER BY 1, 2",
        "entries": "SELECT party_no, document_type, document_no, amount, remaining_amount"
        " FROM entry WHERE substr(document_no, 1, 5) <> 'LINE/' OR remaining_amount <> 0"
        " ORDER BY 1, 2, 3",
        "bank entries": "SELECT bank_account_no, entry_no, status, remaining_amount"
        " FROM bank_entry ORDER BY 1, 2",
    }
    with ledger.open(settings.ledger) as book:
        return {name: [tuple(row) for row in book.rows(sql)] for name, sql in queries.items()}
