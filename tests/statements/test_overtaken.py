"""What happened while a mail was under way: a revision was composed, its owner wished no more."""

from pathlib import Path

import pytest

from pipeline import config, deliveries, delivering, ledger
from pipeline.domain.errors import DecisionError
from pipeline.ledger import outbox
from pipeline.ledger.outbox import Outcome, Scope
from pipeline.steps import quiet
from tests.statements.mail_sink import Sink, mail_server
from tests.statements.posting_house import address, company, run_by_mail, states, with_server
from tests.statements.test_runs import invoice


@pytest.fixture
def three(tmp_path: Path) -> config.Settings:
    return company(f"sqlite:///{tmp_path}/ledger.db", tmp_path, 3)


@pytest.mark.parametrize(
    ("state", "reason", "left"),
    [("pending", "server_down", "email suppressed"), ("failed", "refused", "email failed")],
)
def test_a_mail_that_comes_back_after_its_revision_was_composed_goes_no_more(
    three: config.Settings, tmp_path: Path, state: str, reason: str, left: str
) -> None:
    """Nor does it on paper: the customer would get the old one after the new one."""
    with mail_server(Sink()) as sink:
        settings = with_server(three, sink.port, unknown_after_minutes=60)
        first = run_by_mail(settings)
        delivering.render(settings, Scope(first), tmp_path / "out", "anna", quiet)
        with ledger.open(settings.ledger) as book:
            claims = [outbox.turn(book, Scope(first), None, "anna", after) for after in range(3)]
            invoice(settings, tmp_path, "RE-LATE", "2026-10-31", "7.00")
            second = run_by_mail(settings)
            for claim in claims:
                assert claim is not None
                outcome = Outcome(claim, state, reason)
                outbox.turn(book, Scope(second), outcome, "anna", on_paper=True)
        deliveries.deliver(settings, second, tmp_path / "out", "anna", quiet)
        delivering.mail(settings, Scope(first), "anna", quiet)
    revised = [row for row in deliveries.listed(settings, first, None) if row[2] == "C00002"]
    assert [f"{row[5]} {row[6]}" for row in revised] == [left]
    assert states(settings, second) == {"email sent": 1}
    sent = [to for to, _ in sink.taken]
    assert sent.count(address(2)) == 1
    assert len(sent) == (3 if state == "pending" else 1)


def test_what_is_unknown_is_not_sent_again_after_its_revision_went(
    three: config.Settings, tmp_path: Path
) -> None:
    with mail_server(Sink(faults={address(2): "after_dot_lost"}, once=True)) as sink:
        settings = with_server(three, sink.port)
        first = run_by_mail(settings)
        deliveries.deliver(settings, first, tmp_path / "out", "anna", quiet)
        invoice(settings, tmp_path, "RE-LATE", "2026-10-31", "7.00")
        deliveries.deliver(settings, run_by_mail(settings), tmp_path / "out", "anna", quiet)
        (unknown,) = [row[0] for row in deliveries.listed(settings, first, "unknown")]
        with pytest.raises(DecisionError, match="goes, or went, another way"):
            deliveries.decide(settings, "resend", [unknown], "he has none", "anna")
        deliveries.decide(settings, "confirm", [unknown], "he has both", "anna")


def test_who_wishes_no_mail_while_a_run_goes_on_gets_none(
    three: config.Settings, tmp_path: Path
) -> None:
    """A run may take hours; it read the list of such addresses once, when it began."""

    class Told(Sink):
        async def handle_DATA(self, *given: object) -> str:  # type: ignore[override] # noqa: N802
            if not self.taken:
                deliveries.suppress(settings, address(3), "add", "asked for paper", "anna")
            return await super().handle_DATA(*given)  # type: ignore[arg-type]

    with mail_server(Told()) as sink:
        settings = with_server(three, sink.port)
        run = run_by_mail(settings)
        done = deliveries.deliver(settings, run, tmp_path / "out", "anna", quiet)
    assert [to for to, _ in sink.taken] == [address(1), address(2)]
    assert (done["sent"], done["failed"], done["printed"]) == (2, 1, 1)
