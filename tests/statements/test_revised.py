"""A revision says why it comes: the books changed, or it is only written otherwise."""

import datetime as dt
from pathlib import Path

import pytest

from pipeline import config, deliveries, ledger, statement_runs
from pipeline.ledger import outbox
from pipeline.ledger.outbox import Scope
from pipeline.statements import Choice, Form, page
from pipeline.steps import quiet
from tests.ledger import loading
from tests.statements.posting_house import DAY, company

OTHERWISE, BOOKS = "it is written otherwise, its figures are the same", "the books changed after"


def notices(settings: config.Settings, folder: Path, form: Form) -> list[str]:
    """What a run of all, which is printed, says of why it comes."""
    run = statement_runs.compose(settings, DAY, form, Choice(), "print", "anna", quiet)["run"]
    with ledger.open(settings.ledger) as book:
        items = outbox.those(book, outbox.ids(book, Scope(run)))
    said = [
        str(page(one.content, "", one.number, one.revision, (one.replaces, one.replaced))["notice"])
        for one in items
    ]
    statement_runs.approve(settings, run, "anna")
    deliveries.deliver(settings, run, folder, "anna", quiet)
    return said


@pytest.mark.parametrize("style", ["open_item", "balance_forward"])
def test_the_reason_is_the_right_one(settings: config.Settings, tmp_path: Path, style: str) -> None:
    settings = company(settings.ledger, tmp_path, 2)
    first = Form(style, language="en")
    run = statement_runs.compose(settings, DAY, first, Choice(), "print", "anna", quiet)["run"]
    statement_runs.approve(settings, run, "anna")
    deliveries.deliver(settings, run, tmp_path, "anna", quiet)
    for form in (
        Form(style, language="en", dated=dt.date(2026, 11, 3)),
        Form(style, language="en", bands=(15, 45)),
        Form(style, dt.date(2026, 10, 20), language="en"),
    ):
        said = notices(settings, tmp_path, form)
        assert len(said) in (0, 2), form
        assert all(OTHERWISE in text for text in said), form
    entry = "party_type,party_no,document_type,document_no,posting_date,currency,amount\n"
    row = "customer,C00001,invoice,RE-LATE,2026-10-31,EUR,7.00\n"
    loading.take(settings, tmp_path, "ledger-entries", entry + row)
    said = notices(settings, tmp_path, Form(style, language="en", dated=dt.date(2026, 11, 4)))
    assert [BOOKS in text for text in said] == [True, False]
    assert [OTHERWISE in text for text in said] == [False, True]
