"""Statements to customers with deliveries in every state."""

import datetime as dt
from pathlib import Path

from pipeline import config, deliveries, ledger, statement_runs
from pipeline.ledger import outbox
from pipeline.statements import Choice, Form
from pipeline.steps import quiet

DAY = dt.date(2026, 10, 31)


def on_paper(settings: config.Settings, folder: Path) -> None:
    """A run on paper; of its deliveries one failed, one waits, one is unknown, one stopped."""
    run = composed(settings, "print")
    statement_runs.approve(settings, run, "anna")
    deliveries.deliver(settings, run, folder, "anna", quiet)
    ids = [row[0] for row in deliveries.listed(settings, run, "sent")][:4]
    deliveries.decide(settings, "bounced", ids, "came back", "anna")
    deliveries.decide(settings, "resend", ids[1:], "to the new address", "anna")
    deliveries.decide(settings, "stop", ids[3:], "moved", "anna")
    with ledger.open(settings.ledger) as book, book.transaction() as connection:
        for old, new, tries in (("pending", "sending", 2), ("sending", "unknown", None)):
            outbox.move(connection, ids[2], new, "", "anna", f"state = '{old}'", tries)


def by_mail(settings: config.Settings) -> None:
    """A run by mail that nobody approved yet, revisions among it; one address gets no mail."""
    deliveries.suppress(settings, "accounts@nordlicht-10010.example", "add", "asked", "anna")
    composed(settings, "email")


def composed(settings: config.Settings, sending: str) -> int:
    done = statement_runs.compose(settings, DAY, Form(), Choice(), sending, "anna", quiet)
    return int(done["run"])
