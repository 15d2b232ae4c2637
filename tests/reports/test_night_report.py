"""The night's control report: what it says of missing statements, and that a difference is red."""

import contextlib
import dataclasses
import datetime as dt
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from pipeline import cli, config, ledger, reporting, steps
from pipeline import night as nights
from pipeline.domain.errors import UsageError
from pipeline.ledger.verify import verify
from tests.reports.company import (
    CARD,
    FOLLOWS,
    HEAD,
    NEW,
    company,
    holds,
    invoice,
    mt940,
    night,
    ofx,
)  # fmt: skip
from tests.statements.mail_sink import Sink, mail_server

MARCH = [dt.date(2026, 3, day) for day in range(1, 32)]
Report = dict[str, Any]


def test_a_missing_statement_is_a_warning_and_red_after_five_banking_days(tmp_path: Path) -> None:
    """The card's statements stay away from Monday, 2 March; the bank's own come each day."""
    books = company(f"sqlite:///{tmp_path}/ledger.db", tmp_path / "books", FOLLOWS, CARD)
    days = [MARCH[place] for place in (1, 2, 3, 4, 5, 8)]
    texts = [mt940(10 + n, day, 100_000 + 10_000 * n, [invoice(n + 1)])
             for n, day in enumerate(days)]  # fmt: skip
    report = night(books, tmp_path / "1", *texts[:5])["report"]
    said = "CARD: a statement is missing since 2026-03-02"
    assert (report["problems"], report["warnings"]) == ([], [f"{said}, 4 banking days by now"])
    late = night(books, tmp_path / "2", texts[5])["report"]
    assert late["problems"] == [f"{said}, 5 banking days by now"]
    found = late["accounts"]["CARD"]["statements"]
    assert (found["missing_since"], found["banking_days_missing"]) == ("2026-03-02", 5)
    assert cli.main(["--ledger", books.ledger, "report", "night"]) == 1
    card = ofx((MARCH[1], MARCH[8]), [(MARCH[4], *invoice(20))], 110_000)
    assert night(books, tmp_path / "3", card)["report"]["problems"] == []
    earlier = reporting.night(books, MARCH[2])
    assert earlier["problems"] == [], "as of 3 March nothing was late"
    holds(books)


def test_a_gap_stands_in_the_proof_and_is_no_difference(tmp_path: Path) -> None:
    """Statement 11 (+100.00) is missing: the books tie to the bank less what it must hold."""
    books = company(f"sqlite:///{tmp_path}/ledger.db", tmp_path / "books")
    first = mt940(10, MARCH[1], 100_000, [invoice(1), (777, "wer ist das")])
    third = mt940(12, MARCH[3], 120_777, [invoice(3)])
    report = night(books, tmp_path / "1", first, third)["report"]
    proof = report["accounts"]["HB"]["proof"]
    assert report["problems"] == []
    assert (proof["closing"], proof["missing"], proof["not_booked"]) == (
        "1307.77", "100.00", "7.77",
    )  # fmt: skip
    assert proof["book"] == proof["expected"] == "1200.00"
    movement = report["accounts"]["HB"]["movement"]
    assert (movement["between"], movement["difference"]) == ("100.00", "0.00")
    assert report["accounts"]["HB"]["statements"]["missing_since"] == "2026-03-03"
    report = night(books, tmp_path / "2", mt940(11, MARCH[2], 110_777, [invoice(2)]))["report"]
    assert report["accounts"]["HB"]["proof"]["missing"] == "0.00"
    assert report["accounts"]["HB"]["movement"]["opening"] == "1107.77"
    holds(books)


def test_a_held_statement_is_counted_and_its_lines_stand_apart(tmp_path: Path) -> None:
    books = company(f"sqlite:///{tmp_path}/ledger.db", tmp_path / "books")
    wrong = mt940(11, MARCH[2], 110_000, [invoice(2)], closing=120_001)
    report = night(books, tmp_path / "1", mt940(10, MARCH[1], 100_000, [invoice(1)]), wrong)[
        "report"
    ]
    account = report["accounts"]["HB"]
    assert (account["statements"]["received_last"], account["statements"]["held"]) == (1, 1)
    assert account["lines"]["held"] == {"count": 1, "amount": "100.00"}
    assert account["lines"]["received"] == {"count": 2, "amount": "200.00"}
    assert report["problems"] == [], "held in this run is said by the run itself"
    held = [row for row in report["open"] if row["what"] == "held statements"]
    assert [(row["of"], row["amount"], row["oldest"]) for row in held] == [
        ("HB", "100.00", "2026-03-03")
    ]


def test_without_a_known_balance_the_first_opening_is_taken_and_said(tmp_path: Path) -> None:
    """While an open line keeps the first statement from closing, its opening is not booked."""
    books = company(f"sqlite:///{tmp_path}/ledger.db", tmp_path / "books", NEW)
    first = mt940(10, MARCH[1], 100_000, [invoice(1), (777, "wer ist das")])
    report = night(books, tmp_path / "1", first)["report"]
    proof = report["accounts"]["HB"]["proof"]
    assert report["problems"] == []
    assert (proof["closing"], proof["opening"], proof["book"]) == ("1107.77", "1000.00", "100.00")
    said = "HB: opening balance 1000.00 EUR is taken from its first statement; it is booked when"
    assert report["warnings"] == [f"{said} that is reconciled"]
    steps.park(books, None, "tester")
    steps.reconcile(books)
    report = steps.night_report(books)
    proof = report["accounts"]["HB"]["proof"]
    assert (proof["opening"], proof["book"], report["problems"]) == ("0.00", "1107.77", [])
    assert report["warnings"] == []
    holds(books)


@pytest.mark.parametrize("known", ["1000.00", ""])
def test_ofx_without_a_balance_is_carried_on_and_proved_by_the_next_one(
    known: str, tmp_path: Path
) -> None:
    card = CARD if known else CARD.replace("1000.00,2026-03-01", ",")
    books = company(f"sqlite:///{tmp_path}/ledger.db", tmp_path / "books", card, head=HEAD)
    one, two = ((MARCH[n], *invoice(n)) for n in (2, 3))
    report = night(books, tmp_path / "1", ofx((MARCH[2], MARCH[2]), [one], None))["report"]
    assert report["problems"] == []
    carried = "CARD: the bank states no closing balance; it is carried on by the lines"
    assert carried in report["warnings"]
    receipt = night(books, tmp_path / "2", ofx((MARCH[3], MARCH[3]), [two], 120_000))
    report = receipt["report"]
    assert receipt["reconcile"]["reconciled"] == 2
    assert (report["problems"], report["warnings"]) == ([], [])
    proof = report["accounts"]["CARD"]["proof"]
    assert (proof["book"], proof["difference"]) == ("1200.00", "0.00")
    holds(books)


PLANTS = {
    "a cent on the bank account": (
        "UPDATE posting SET amount = amount + 1 WHERE (journal_entry_no, seq) = (SELECT"
        " journal_entry_no, seq FROM posting WHERE gl_account = 'BANK-HB' ORDER BY 1 DESC, 2 DESC"
        " LIMIT 1)",
        "HB: the bank proof differs by 0.01 EUR",
    ),
    "a posting without a line": (
        "INSERT INTO posting (journal_entry_no, seq, gl_account, currency, amount) SELECT no, 99,"
        " 'BANK-HB', 'EUR', 500 FROM journal_entry ORDER BY no DESC LIMIT 1",
        "HB: the bank proof differs by 5.00 EUR",
    ),
    "a cent on receivables": (
        "UPDATE posting SET amount = amount - 1 WHERE (journal_entry_no, seq) = (SELECT"
        " journal_entry_no, seq FROM posting WHERE gl_account = 'AR' ORDER BY 1 DESC, 2 DESC"
        " LIMIT 1)",
        "AR: the balance differs from its items by -0.01 EUR",
    ),
    "a line that is gone": (
        "DELETE FROM statement_line WHERE line_id = (SELECT max(line_id) FROM statement_line)",
        "HB: 1 lines, 100.00 EUR, are neither posted, on account, parked, queued nor held",
    ),
    "an application of half a line": (
        "UPDATE application SET applied_amount = applied_amount - 1 WHERE role = 'settles'",
        "HB: 2 lines, 200.00 EUR, are neither posted, on account, parked, queued nor held",
    ),
    "a statement's closing": (
        "UPDATE statement_chain SET closing = closing + 100 WHERE ord = 2",
        "HB: opening and movements differ from the closing balance by 1.00",
    ),
}


@pytest.mark.breaks_the_books
def test_a_planted_difference_turns_the_run_red(tmp_path: Path) -> None:
    books = company(f"sqlite:///{tmp_path}/ledger.db", tmp_path / "books")
    texts = [mt940(10 + n, MARCH[1 + n], 100_000 + 10_000 * n, [invoice(n + 1)]) for n in (0, 1)]
    assert night(books, tmp_path / "1", *texts)["report"]["problems"] == []
    with contextlib.closing(sqlite3.connect(tmp_path / "ledger.db")) as connection:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for (name,) in names.fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.commit()
    for name, (sql, expected) in PLANTS.items():
        broken = tmp_path / "broken.db"
        shutil.copyfile(tmp_path / "ledger.db", broken)
        with contextlib.closing(sqlite3.connect(broken)) as connection:
            connection.execute(sql)
            connection.commit()
        settings = config.read(None, f"sqlite:///{broken}", {})
        assert expected in reporting.night(settings)["problems"], name
        again = ["--ledger", settings.ledger, "nightly", str(tmp_path / "1")]
        assert cli.main(again) == 1, name
        with ledger.open(settings.ledger) as book:
            assert any(c.violations for c in verify(book) if c.invariant != "I42"), name


def test_the_report_goes_by_mail_once_to_each_that_the_settings_name(tmp_path: Path) -> None:
    """The subject is all that somebody reads on a good morning; a refused address hears later."""
    books = company(f"sqlite:///{tmp_path}/ledger.db", tmp_path / "books", FOLLOWS, CARD)
    report = night(books, tmp_path / "1", mt940(10, MARCH[1], 100_000, [invoice(1)]))["report"]
    to = ["controller@hansen.example", "owner@hansen.example", "controller@hansen.example"]
    with mail_server(Sink(faults={to[1]: "address_5xx"}, once=True)) as sink:
        mail = {**books.mail, "host": "127.0.0.1", "port": sink.port, "security": "none",
                "sender": "Hansen <ar@hansen.example>"}  # fmt: skip
        told = dataclasses.replace(books, mail=mail, report={"mail_to": to})
        first, second, third = (nights.mail_report(told, report, "night") for _ in range(3))
        assert (first["sent"], first["failed"]) == (1, 1)
        assert (second["sent"], second["unchanged"]) == (1, 1), "who was refused knows nothing yet"
        assert (third["sent"], third["unchanged"]) == (0, 2)
        next_night = night(told, tmp_path / "2", mt940(11, MARCH[6], 110_000, [invoice(2)]))
        assert nights.mail_report(told, next_night["report"], "night")["sent"] == 2
        assert nights.mail_report(told, report, "night")["sent"] == 0, "the night before again"
        mails = list(sink.messages())
    subjects = [str(mail["Subject"]) for mail in mails]
    assert subjects[0] == "Lettrage: night of 2026-03-02: every figure ties, to look at: 1"
    assert subjects[2] == "Lettrage: night of 2026-03-07: differences: 1"
    text = mails[0].get_content().replace("\r\n", "\n")
    assert text.startswith("Night's control report, business date 2026-03-02\n")
    assert "Every figure ties." in text
    wrong = dataclasses.replace(told, report={"mail_to": ["anna"]})
    with pytest.raises(UsageError, match=r"\[report\] mail_to: found 'anna'"):
        nights.mail_report(wrong, report, "night")
    holds(books)
