"""A held statement that never will be ours is refused by two people; then nothing waits for it."""

import datetime as dt
import html
import re
from pathlib import Path
from typing import Any

import pytest

from pipeline import config, ledger, reporting, steps
from pipeline.corrections import periods, statements
from pipeline.domain.errors import LedgerError, UsageError
from pipeline.ledger import reads
from pipeline.ledger.export import export
from pipeline.ledger.load import load
from pipeline.ledger.verify import verify
from tests.ledger.bank_files import mt940
from tests.page.desk import Browser, app_of, hidden
from tests.posting.golden_case import FOLDER, THEN, given

RECEIPT = (FOLDER / "receipt-in-full.md").read_text("utf-8").partition(THEN)[0]
THURSDAY = dt.date(2026, 10, 29)
STRANGE = "DE91100000000123456789"
OTHERS = mt940("17", "261029", 0, 12_300, -500, account=STRANGE)
WHY = "a statement of the neighbours, in our box by mistake"


@pytest.fixture
def books(url: str, tmp_path: Path) -> config.Settings:
    """A reconciled statement of ours, and one of somebody else's account, which is held."""
    banks = "no,name,currency,iban,gl_account,last_statement_balance,last_statement_date,"
    banks += "statement_frequency\n"
    banks += "BANK,BANK,EUR,DE38500400000123456700,BANK,0.00,2026-10-28,daily\n"
    settings = given(f"{RECEIPT}\n```csv bank-accounts\n{banks}```\n", url, tmp_path)
    assert came(settings, tmp_path, OTHERS)["held"] == 1
    steps.nightly(settings, [tmp_path / "inbox"], "tester")
    return settings


def came(settings: config.Settings, folder: Path, text: str) -> dict[str, Any]:
    (folder / "inbox" / "strange.sta").write_text(text, "ascii")
    return dict(steps.ingest(settings, [folder / "inbox"], "tester"))


def fates(settings: config.Settings) -> dict[str, str]:
    with ledger.open(settings.ledger) as book:
        return dict(export(book, "statements").select("statement_no", "status").rows())


def holds(settings: config.Settings) -> None:
    with ledger.open(settings.ledger) as book:
        assert [(c.invariant, c.ids) for c in verify(book) if c.violations] == []
    assert steps.night_report(settings)["problems"] == []


def refuse(settings: config.Settings, *people: str) -> dict[str, Any]:
    for who in people:
        receipt = statements.refuse(settings, STRANGE, "17", who, WHY)
    return receipt


def restore(settings: config.Settings, *people: str) -> dict[str, Any]:
    for who in people:
        receipt = statements.restore(settings, STRANGE, "17", who, "it is ours after all")
    return receipt


def against_closing(settings: config.Settings) -> list[str]:
    found: list[str] = periods.close(settings, THURSDAY, "anna").get("problems", [])
    return found


def test_a_period_closes_when_two_people_refused_what_is_not_ours(books: config.Settings) -> None:
    assert against_closing(books) == [
        f"{STRANGE}: statement 17 of 2026-10-29 is held: unknown_account"
    ]
    assert refuse(books, "anna")["done"] is False
    assert refuse(books, "Anna")["done"] is False, "one alone does not suffice"
    assert fates(books)["17"] == "held"
    assert refuse(books, "berta") == {
        "account": STRANGE, "statement": "17", "status": "refused", "requested_by": "anna",
        "done": True,
    }  # fmt: skip
    assert fates(books) == {"1": "reconciled", "17": "refused"}
    holds(books)
    with pytest.raises(UsageError, match="no statement 17 of DE91100000000123456789 is held"):
        refuse(books, "berta")
    assert against_closing(books) == []


@pytest.mark.usefixtures("as_a_large_file")
def test_the_reports_name_it_with_who_and_why(books: config.Settings) -> None:
    refuse(books, "anna", "berta")
    for report in (steps.night_report(books), reporting.bank_reconciliation(books, THURSDAY)):
        (told,) = report["refused"]
        assert (told["account"], told["statement_no"], told["lines"], told["net"]) == (
            STRANGE, "17", 2, "118.00")  # fmt: skip
        assert (told["asked_by"], told["approved_by"], told["why"]) == ("anna", "berta", WHY)
        assert told["reason"] == "unknown_account"


def test_a_report_of_the_past_does_not_know_what_was_refused_later(books: config.Settings) -> None:
    with ledger.open(books.ledger) as book:
        head = reads.register_head(book)["no"]
    before = reporting.night(books, THURSDAY, head)
    refuse(books, "anna", "berta")
    assert reporting.night(books, THURSDAY, head) == before


@pytest.mark.parametrize("text", [OTHERS, OTHERS.replace("\n", "\r\n")], ids=["same", "rewritten"])
def test_it_stays_refused_when_it_comes_again(
    books: config.Settings, tmp_path: Path, text: str
) -> None:
    refuse(books, "anna", "berta")
    receipt = came(books, tmp_path, text)
    assert (receipt.get("held", 0), receipt["problems"]) == (0, [])
    assert fates(books)["17"] == "refused"
    receipt = came(books, tmp_path, OTHERS.replace(":28C:17", ":28C:18"))
    assert receipt["held"] == 1, "another one of that account asks again"
    holds(books)


def test_no_line_of_it_is_posted_when_its_account_is_loaded_later(
    books: config.Settings, tmp_path: Path
) -> None:
    refuse(books, "anna", "berta")
    known(books, tmp_path)
    steps.nightly(books, [tmp_path / "inbox"], "tester")
    with ledger.open(books.ledger) as book:
        lines = export(book, "lines").filter(statement_no="17")
    assert lines["status"].to_list() == ["refused", "refused"]
    holds(books)


def test_two_people_let_it_wait_again_and_it_is_taken_with_its_account(
    books: config.Settings, tmp_path: Path
) -> None:
    refuse(books, "anna", "berta")
    assert restore(books, "berta")["done"] is False
    assert restore(books, "anna")["status"] == "held"
    assert fates(books)["17"] == "held"
    holds(books)
    known(books, tmp_path)
    steps.nightly(books, [tmp_path / "inbox"], "tester")
    assert fates(books)["17"] == "received", "its lines wait for a person, as any other"
    with pytest.raises(UsageError, match="is refused; see"):
        restore(books, "anna")
    with pytest.raises(UsageError, match="is held; see"):
        refuse(books, "anna")
    holds(books)


def test_a_statement_of_several_files_is_named_by_its_file(
    books: config.Settings, tmp_path: Path
) -> None:
    came(books, tmp_path, mt940("17", "261029", 0, 700, account=STRANGE))
    with pytest.raises(UsageError, match="is in 2 files; name one: --file"):
        refuse(books, "anna")
    with ledger.open(books.ledger) as book:
        files = sorted(export(book, "statements").filter(statement_no="17")["file_sha256"])
    for who in ("anna", "berta"):
        done = statements.refuse(books, STRANGE, "17", who, WHY, file=files[0][:8])
    assert done["done"]
    with ledger.open(books.ledger) as book:
        found = export(book, "statements").filter(file_sha256=files[1])
    assert found["status"].to_list() == ["held"]
    holds(books)


def test_the_database_refuses_what_one_person_alone_would_refuse(books: config.Settings) -> None:
    of = "(SELECT id FROM statement WHERE statement_no = '17')"
    event = f"(SELECT max(id) FROM statement_event WHERE statement_id = {of})"
    row = (
        "INSERT INTO statement_refusal (id, statement_id, action, actor, second_actor, reason,"
        f" request_id, after_event) SELECT 1, {of}, 'refuse', 'anna', '{{second}}', 'why',"
        f" (SELECT max(id) FROM request), {event}"
    )
    status = f"UPDATE statement SET status = 'refused' WHERE id = {of}"
    refuse(books, "anna")
    with ledger.open(books.ledger) as book:
        for second in ("", "anna", "Anna"):
            with pytest.raises(LedgerError, match="not_two_people"), book.transaction() as writer:
                writer.exec_driver_sql(row.format(second=second))
        with pytest.raises(LedgerError, match="refused_by_nobody"), book.transaction() as writer:
            writer.exec_driver_sql(status)
        with book.transaction() as writer:
            writer.exec_driver_sql(row.format(second="berta"))
            writer.exec_driver_sql(status)
    holds(books)


def known(settings: config.Settings, folder: Path) -> None:
    """The account turns out to be one of ours."""
    file = folder / "banks.csv"
    file.write_text(f"no,name,currency,iban,statement_frequency\nNEW,New,EUR,{STRANGE},none\n")
    with ledger.open(settings.ledger) as book:
        load(book, "bank-accounts", file, settings, actor="tester")


def test_on_the_page_two_people_refuse_it_and_let_it_wait_again(books: config.Settings) -> None:
    app = app_of(books)
    anna, berta, ben = Browser(app), Browser(app, "berta"), Browser(app, "ben", "reviewer")
    place = re.findall(r'href="(/held/\d+)"', anna.get("/").text)[0]
    shown = anna.get(place).text
    assert "123.00" in shown, "its lines are seen before anybody decides"
    assert "118.00 EUR" in html.unescape(shown)
    assert 'name="do"' not in ben.get(place).text
    assert ben.post(place, _form(anna, place)).status_code == 403

    def says(who: Browser, reason: str = WHY, **other: str) -> Any:
        return who.post(place, _form(who, place) | {"reason": reason} | other)

    assert says(anna, "").status_code == 409, "why is asked"
    assert says(anna, seen="1").status_code == 409, "it is not as it was shown"
    assert says(anna).headers["location"] == f"{place}?waits=1"
    assert says(anna).headers["location"] == f"{place}?waits=1", "she is no second person"
    assert "refusal asked for by anna" in ben.get("/").text
    late = _form(berta, place) | {"reason": WHY}
    assert says(berta).headers["location"] == f"{place}?done=1"
    assert fates(books)["17"] == "refused"
    assert berta.post(place, late).status_code == 409, "a second click finds it done"
    assert "/held/" not in ben.get("/").text, "nobody waits for it any more"
    assert place in ben.get("/held").text, "and it can be looked at"
    assert says(berta, "it is ours").headers["location"] == f"{place}?waits=1"
    assert says(anna, "it is ours").headers["location"] == f"{place}?done=1"
    assert fates(books)["17"] == "held"
    told = re.findall(r"<b>(\w+)</b> ([^<]+)<br>", anna.get(place).text)
    assert told == [("anna", "asked that it be refused"), ("berta", "refused it"),
                    ("berta", "asked that it wait again"),
                    ("anna", "let it wait again")]  # fmt: skip
    holds(books)


def _form(browser: Browser, place: str) -> dict[str, str]:
    """The hidden fields of the form that decides about a statement."""
    forms = re.findall(r'<form method="post".*?</form>', browser.get(place).text, re.DOTALL)
    return hidden(next(form for form in forms if 'name="do"' in form))
