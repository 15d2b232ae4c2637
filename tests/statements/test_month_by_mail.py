"""The month end by mail: a month is not told while a mail waits, whatever the server says."""

import datetime as dt
import json
from pathlib import Path

import pytest

from pipeline import config, deliveries, ledger, month_end
from pipeline.domain.errors import UsageError
from pipeline.ledger import months
from pipeline.ledger import statement_runs as runs
from pipeline.statements.mail_server import MailServerError
from tests.statements.mail_sink import Sink, mail_server
from tests.statements.posting_house import address, company, with_server

PERIOD = {"month": "2026-10", "as_of": "2026-10-31", "occasion": "2026-10"}


@pytest.fixture
def books(tmp_path: Path) -> config.Settings:
    settings = company(f"sqlite:///{tmp_path}/ledger.db", tmp_path, 3)
    with ledger.open(settings.ledger) as book:
        months.record(book, "2026-10", "declared", "controller", "")
    return settings


def test_a_mail_that_the_server_takes_later_is_tried_again_and_then_goes_on_paper(
    books: config.Settings, tmp_path: Path
) -> None:
    with mail_server(Sink(faults={address(2): "address_4xx"})) as sink:
        settings = with_server(books, sink.port)
        run = month_end.select(settings, PERIOD, {"sending": "email"}, "anna")
        (chunk,) = month_end.chunks(settings, run, 1)
        month_end.render(settings, chunk, tmp_path / "out", "anna")
        month_end.approve(settings, run, "anna")
        for _ in range(2):
            with pytest.raises(MailServerError, match="1 mails of run 1 wait"):
                month_end.deliver(settings, chunk, "anna")
        early = month_end.finish(settings, run, tmp_path / "out", "anna")
        assert early["problems"] == ["1 pending by email: address_refused_451"]
        assert month_end.deliver(settings, chunk, "anna")["failed"] == 1, "the fifth time"
        told = month_end.finish(settings, run, tmp_path / "out", "anna")
    assert told["email"] == {"sent": 2, "failed: address_refused_451": 1}
    assert told["print"] == {"sent": 1}


def test_by_no_days_at_all_is_asked_too(books: config.Settings) -> None:
    asked = {"overdue_days": 0, "style": "", "per": "project"}
    number = month_end.select(books, PERIOD, asked, "anna")["run"]
    with ledger.open(books.ledger) as book:
        run = runs.get(book, number)
    assert '"overdue_days": 0' in run.choice
    assert '"per": "project"' in run.form


def test_the_clock_tells_the_month_that_is_over() -> None:
    days = (dt.date(2027, 1, 31), dt.date(2028, 3, 1))
    assert [month_end.month_before(day) for day in days] == ["2026-12", "2028-02"]


@pytest.mark.parametrize("month", ["2026-13", "2026-00", "2026-1", ""])
@pytest.mark.parametrize("incomplete", [True, False])
def test_what_is_no_month_is_said(books: config.Settings, month: str, *, incomplete: bool) -> None:
    with pytest.raises(UsageError, match="expected one such as 2026-10"):
        month_end.check_period(books, month, incomplete=incomplete)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"language": "pl"}, "language pl: no words for it; there are de, en"),
        ({"template": "short"}, r"template short: there is no \[statements.templates.short\]"),
    ],
)
def test_a_language_or_template_that_is_not_there_is_said_before_anything_is_composed(
    books: config.Settings, asked: dict[str, str], said: str
) -> None:
    with pytest.raises(UsageError, match=said):
        month_end.select(books, PERIOD, asked, "anna")
    assert deliveries.all_runs(books) == []


def test_a_month_by_mail_without_a_server_is_refused_before_anything_is_composed(
    books: config.Settings,
) -> None:
    with pytest.raises(UsageError, match=r"\[mail\] host: nothing is set"):
        month_end.select(books, PERIOD, {"sending": "email"}, "anna")
    assert deliveries.all_runs(books) == []


def test_who_got_none_of_a_month_that_is_sent_gets_one_again_and_nobody_two(
    books: config.Settings, tmp_path: Path
) -> None:
    def sent(asked: dict[str, object], again: str = "") -> dict[str, object] | None:
        period = month_end.check_period(books, "2026-10", again=again)
        if period is None:
            return None
        run = month_end.select(books, period, {"sending": "print", **asked}, "anna")
        assert run == month_end.select(books, period, asked, "anna"), "a retry finds it"
        month_end.approve(books, run, "anna")
        return month_end.finish(books, run, tmp_path / "out", "anna")

    preview = month_end.preview(books, PERIOD, {"customers": ["C00002"]}, tmp_path, "anna")
    assert (preview["statements"], deliveries.all_runs(books)) == (1, [])
    assert [file.name for file in (tmp_path / "2026-10" / "preview").iterdir()] == [
        "statement-C00002-2026-10-31.pdf"
    ]
    first = sent({"customers": ["C00002"]})
    assert first
    assert first["print"] == {"sent": 1}
    assert sent({}) is None
    rest = sent({}, "run 2")
    assert rest
    assert (rest["print"], rest["skipped"]) == ({"sent": 2}, {"has_it_already": 1})


def test_whatever_the_form_asks_is_what_the_run_is_asked(books: config.Settings) -> None:
    asked = {
        "sending": "print", "per": "project", "style": "activity", "aging": "posting",
        "bands": [15, 45], "first": "2026-09-01", "dated": "2026-11-03", "balance": "owing",
        "minimum": "1.50", "language": "fr-CH", "customers": ["C00001", "C00002", "C00003"],
        "accounts": [""], "types": [""], "currencies": [""], "methods": ["email"],
        "countries": [""], "projects": [""], "active_only": True, "template": "",
        "reversed": "hide", "moved_only": True,
    }  # fmt: skip
    number = month_end.select(books, PERIOD, asked, "anna")["run"]
    with ledger.open(books.ledger) as book:
        run = runs.get(book, number)
        kept = book.rows("SELECT content FROM customer_statement ORDER BY id")
    form, choice = json.loads(run.form), json.loads(run.choice)
    assert (form["style"], form["aged_by"], form["bands"]) == ("activity", "posting", [15, 45])
    assert (form["first"], form["dated"], form["per"]) == ("2026-09-01", "2026-11-03", "project")
    assert (form["reversed"], choice["without_activity"]) == ("hide", False)
    lists = ("accounts", "types", "currencies", "countries", "projects")
    assert {name: choice[name] for name in lists} == {name: [""] for name in lists}
    assert (choice["methods"], choice["inactive"], choice["minimum"]) == (["email"], False, "1.50")
    said = [json.loads(row[0]) for row in kept]
    assert {(one["period"][0], one["dated"], one["as_of"]) for one in said} == {
        ("1 sept. 2026", "3 nov. 2026", "31 oct. 2026")
    }  # fmt: skip
    assert len(said) == 3, "who owes 1.50 owes the least"


def test_bands_of_the_form_rise(books: config.Settings) -> None:
    """In another order each entry would be told in a band that is not its own."""
    with pytest.raises(UsageError, match=r"bands: found \[60, 30\], expected rising days"):
        month_end.select(books, PERIOD, {"bands": [60, 30]}, "anna")
    assert deliveries.all_runs(books) == []


@pytest.mark.parametrize(
    ("name", "day", "said"),
    [
        ("first", "2026-11-01", "first: found 2026-11-01, expected a day until 2026-10-31"),
        ("dated", "2026-02-30", "dated: found '2026-02-30', expected YYYY-MM-DD"),
    ],
)
def test_a_day_of_the_form_is_one_that_there_is(
    books: config.Settings, name: str, day: str, said: str
) -> None:
    with pytest.raises(UsageError, match=said):
        month_end.select(books, PERIOD, {name: day}, "anna")
