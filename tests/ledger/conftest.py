"""Prepared ledgers: a copy of a file, or one that no test changes, is quicker than a new one."""

import dataclasses
import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import make_url

from pipeline import config, corrections, decisions, ledger, statement_previews, steps, teaching
from pipeline.corrections import periods, statements
from pipeline.ledger import Ledger, attention, notices, people
from pipeline.ledger.export import batches, export, general_ledger
from pipeline.ledger.verify import verify
from tests.ledger import bank_files, letters, loading
from tests.postgres import Server
from tests.prepared import books
from tests.test_night import NIGHTS


@pytest.fixture(scope="session")
def company_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite ledger with a bank account, customers and vendors, without entries."""
    folder = tmp_path_factory.mktemp("company")
    loading.company(f"sqlite:///{folder}/ledger.db", folder)
    return folder / "ledger.db"


@pytest.fixture
def company(company_file: Path, tmp_path: Path) -> config.Settings:
    return loading.copied(company_file, tmp_path)


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def book(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Ledger]:
    """The books after two nights with a reversal, a noted item and a closed year before them.

    Whatever a test tries on them is rolled back or refused: they hold at the end.
    """
    url = f"sqlite:///{tmp_path_factory.mktemp('books')}/ledger.db"
    if request.param == "postgresql":
        server: Server = request.getfixturevalue("server")
        url = make_url(server.url).set(database="attacked").render_as_string(False)
    settings = books(url)
    loading.taxes(settings, tmp_path_factory.mktemp("taxes"))
    never = dataclasses.replace(settings, policy={**settings.policy, "park": "never"})
    steps.nightly(never, [NIGHTS[0]], "tester")
    with ledger.open(url) as found:
        number = found.rows(
            "SELECT min(j.no) FROM journal_entry j JOIN application a ON a.journal_entry_no = j.no"
            " WHERE j.kind = 'payment' AND a.discount_amount <> 0 AND j.line_id IN (SELECT line_id"
            " FROM statement_line l JOIN statement s ON s.id = l.statement_id"
            " WHERE s.status = 'received')"
        )[0][0]
        corrections.reverse(never, [str(number)], "anna", "posted to the wrong one")
        periods.close(settings, dt.date(2025, 12, 31), "anna")
        for who in ("anna", "berta"):
            periods.reopen(settings, dt.date(2025, 11, 30), who, "an invoice of December")
        assert periods.close(settings, dt.date(2025, 12, 31), "anna")["changed"]
        letters.on_paper(settings, tmp_path_factory.mktemp("letters"))
        loading.rates(settings, tmp_path_factory.mktemp("rates"))
        for night in NIGHTS:
            steps.nightly(settings, [night], "tester")
        for document in found.rows(
            "SELECT min(e.document_no) FROM application a JOIN entry e ON e.id = a.entry_id JOIN"
            " journal_entry j ON j.no = a.journal_entry_no WHERE a.role = 'settles' AND j.kind ="
            " 'payment' AND j.reverses_no IS NULL AND NOT EXISTS (SELECT 1 FROM journal_entry r"
            " WHERE r.reverses_no = j.no) AND NOT EXISTS (SELECT 1 FROM application u WHERE"
            " u.unapplies_no = a.journal_entry_no) GROUP BY e.id HAVING count(*) = 1"
            " ORDER BY max(abs(a.discount_amount)) DESC, 1 LIMIT 2"
        ):
            corrections.unapply(settings, document[0], "anna", "for another invoice")
        for document in ("RE-2026-1010", "RE-2026-1042"):  # valued later, and as it was posted
            corrections.unapply(settings, document, "anna", "for another invoice")
        last = found.rows("SELECT max(no) FROM journal_entry WHERE kind = 'unapplication'")[0][0]
        corrections.reverse(settings, [str(last)], "anna", "it was right")
        undone = found.rows(
            "SELECT s.bank_account_no, s.statement_no FROM closed_statement c JOIN statement s ON"
            " s.id = c.statement_id WHERE s.statement_no <> '' ORDER BY c.ord DESC,"
            " c.bank_account_no LIMIT 1"
        )[0]
        for who in ("anna", "berta"):
            statements.undo(settings, undone[0], undone[1], who, "to look at it again")
        assert steps.reconcile(settings)["reconciled"] == 1
        strangers(settings, tmp_path_factory.mktemp("strangers"))
        item = int(export(found, "exceptions")["id"][0])
        decisions.comment(settings, item, "anna", "asked the customer")
        teaching.add(settings, "payer_name", "Nord Holding", ("party", "customer/10010"), "anna")
        fees = ("account", "bank_fees")
        teaching.add(settings, "text", "Depotgebuehr", fees, "anna", limit="50.00")
        teaching.approve(settings, 2, "berta")
        folder = tmp_path_factory.mktemp("statements")
        statement_previews.write(settings, dt.date(2026, 10, 31), folder, actor="anna")
        letters.by_mail(settings)
        loading.otherwise(settings, tmp_path_factory.mktemp("otherwise"))
        batches.new(found, "gl", "anna", general_ledger(found, "csv", "EUR"))
        beside_the_books(settings, item)
        yield found
        assert [c for c in verify(found) if c.violations] == []


def strangers(settings: config.Settings, folder: Path) -> None:
    """Statements of accounts that are not ours: one is held, another one two people refused."""
    texts = [
        bank_files.mt940(number, "261030", 0, 100, account="DE91100000000123456789")
        for number in ("17", "18")
    ]
    (folder / "strange.sta").write_text("".join(texts))
    assert steps.ingest(settings, [folder], "tester")["held"] == 2
    for who in ("anna", "berta"):
        statements.refuse(settings, "DE91100000000123456789", "17", who, "not ours")


def beside_the_books(settings: config.Settings, item: int) -> None:
    """Who works at the queue, saw an item, put it off, kept a filter and was told by mail."""
    decisions.later(settings, item, "anna", "2999-12-31")
    with ledger.open(settings.ledger) as book:
        attention.saw(book, item, "anna", "as it was")
        attention.keep_filter(book, "anna", "large ones", "min=1000")
        notices.record(book, "anna", {"items": [item]}, "<1@example.org>", ("sent", ""), "night")
        people.record(book, "anna", "add", "reviewer", "a hash", "root")
        with book.transaction() as connection:  # no file of the sample has such
            connection.exec_driver_sql(
                "INSERT INTO cash_sale (id, load_id, party_no, document_no, instalment,"
                " posting_date, currency, amount, project) SELECT 1, min(id), '10010', 'KA-1', 0,"
                " '2026-10-05', 'EUR', 4900, 'Umbau' FROM load_file"
            )
            connection.exec_driver_sql(
                "INSERT INTO line_revision (id, line_id, sha256, counterparty_name, text, raw)"
                " SELECT 1, line_id, (SELECT min(sha256) FROM feed_file), '', 'otherwise', ''"
                " FROM statement_line ORDER BY line_id LIMIT 1"
            )


@pytest.fixture
def one_bank(tmp_path: Path) -> config.Settings:
    """A SQLite ledger with one bank account, for files of ``bank_files``."""
    return bank_files.fresh(tmp_path)
