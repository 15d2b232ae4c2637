"""What the source of an entry says otherwise is seen on the page, and ended there by two people."""

import dataclasses
import re
from pathlib import Path

import polars as pl
import pytest

from pipeline import ledger
from pipeline.ledger.load import load
from tests.page.desk import Browser, app_of, hidden, holds
from tests.review.desk import Desk

HEAD = "party_type,party_no,document_type,document_no,posting_date,currency,amount\n"


def test_a_conflict_with_the_source_is_ended_by_two_people(lite: Desk, tmp_path: Path) -> None:
    policy = {**lite.settings.policy, "approval": "two_people"}
    settings = dataclasses.replace(lite.settings, policy=policy)
    [own] = lite.exported("entries").filter(document_no="RE-2026-1006").to_dicts()
    said = tmp_path / "ledger-entries.csv"

    def source_says(amount: str) -> None:
        row = f"customer,{own['party_no']},invoice,RE-2026-1006,{own['posting_date']},EUR,{amount}"
        said.write_text(f"{HEAD}{row}\n")
        with ledger.open(settings.ledger) as book:
            load(book, "ledger-entries", said, settings, actor="erp")

    source_says("260.00")
    app = app_of(settings)
    anna, berta = Browser(app), Browser(app, "berta")
    for name, role in (("vera", "viewer"), ("ben", "reviewer")):
        shown = Browser(app, name, role).get("/conflicts").text
        assert "260.00 EUR" in shown
        assert "/conflicts/end" not in shown, role
    fields = _form(anna) | {"reason": "old price"}
    source_says("270.00")
    late = anna.post("/conflicts/end", fields)
    assert late.status_code == 409
    assert "something else by now" in late.text
    assert 'value="old price"' in late.text, "what was typed is still there"
    asked = anna.post("/conflicts/end", _form(anna) | {"reason": "old price"})
    assert asked.headers["location"] == "/conflicts?page=1&waits=1"
    assert "Asked for by anna" in berta.get("/conflicts").text
    again = anna.post("/conflicts/end", _form(anna) | {"reason": "again"})
    assert again.headers["location"] == "/conflicts?page=1&waits=1", "she is no second person"
    done = berta.post("/conflicts/end", _form(berta) | {"reason": "old price"})
    assert done.headers["location"] == "/conflicts?page=1&ended=1"
    assert "No document is in conflict" in berta.get("/conflicts").text
    with ledger.open(settings.ledger) as book:
        log = book.rows("SELECT action, actor, second_actor FROM source_conflict ORDER BY id")
    assert log[-1] == ("ended", "berta", "anna")
    holds(settings)


def test_many_conflicts_are_a_page_at_a_time(
    lite: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = lite.exported("entries").filter(document_type="invoice", currency="EUR")
    own = own.filter(pl.col("remaining_amount").cast(pl.Float64) > 0).head(5)
    said = tmp_path / "ledger-entries.csv"
    rows = [f"{r['party_type']},{r['party_no']},invoice,{r['document_no']},{r['posting_date']},EUR,"
            f"{float(r['amount']) + 1:.2f}" for r in own.to_dicts()]  # fmt: skip
    said.write_text("\n".join([HEAD.strip(), *rows]) + "\n")
    with ledger.open(lite.settings.ledger) as book:
        load(book, "ledger-entries", said, lite.settings, actor="erp")
    monkeypatch.setattr("pipeline.page.conflicts._SIZE", 2)
    anna, found, place = Browser(app_of(lite.settings)), [], "?page=1"
    while place:
        shown = anna.get(f"/conflicts{place}").text
        found += re.findall(r'name="document" value="([^"]+)"', shown)
        behind = re.search(r'href="([^"]+)" rel="next"', shown)
        place = behind[1] if behind else ""
    assert sorted(found) == sorted(own["document_no"])
    last = hidden(next(f for f in shown.split("<form") if "/conflicts/end" in f))
    done = anna.post("/conflicts/end?page=3", last | {"reason": "ours"})
    assert done.headers["location"] == "/conflicts?page=3&ended=1", "back to the same page"
    assert len(found) == 5
    behind = anna.get(done.headers["location"]).text
    assert f'value="{found[3]}"' in behind, "its last one is ended: others stand on the page before"


def _form(browser: Browser) -> dict[str, str]:
    """The hidden fields of the first conflict's form."""
    forms = browser.get("/conflicts").text.split("<form")
    return hidden(next(form for form in forms if "/conflicts/end" in form))
