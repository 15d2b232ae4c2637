"""The month end by mail: a month is not told while a mail waits, whatever the server says."""

from pathlib import Path

import pytest

from pipeline import config, deliveries, ledger, month_end
from pipeline.domain.errors import UsageError
from pipeline.ledger import months
from pipeline.ledger import statement_runs as runs
from pipeline.statements.mail_server import MailServerError
from tests.statements.mail_sink import Sink, mail_server
from tests.statements.posting_house import address, company, with_server

PERIOD = {"month": "2026-10", "as_of": "2026-10-31"}


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
