"""Reports of a ledger: facts read as of a date, composed, rendered; nothing is written to it."""

import datetime as dt
from functools import partial
from typing import Any

from pipeline import ledger
from pipeline.config import Settings
from pipeline.ledger import company, own_transfers
from pipeline.ledger.known import Known, bank, entries, general, known
from pipeline.ledger.known import night as counts
from pipeline.reports import aging as aged
from pipeline.reports import bank_reconciliation as reconciliation
from pipeline.reports import night as control_report
from pipeline.reports import period
from pipeline.reports import trial_balance as trial
from pipeline.reports.items import Facts
from pipeline.reports.proof import BankFacts, prove

Report = dict[str, Any]


def bank_reconciliation(settings: Settings, as_of: dt.date, at: int | None = None) -> Report:
    """The bank proof of every account as of a date, as known at register ``at`` or now."""
    with ledger.open(settings.ledger) as book:
        point = known(book, as_of, at)
        own = prove(bank_facts(book, point), point.as_of)
        return reconciliation.compose(_head_of_banks(book, point), own)


def bank_facts(book: ledger.Ledger, point: Known) -> BankFacts:
    """What the bank proof of every account needs."""
    read = (bank.lines_off, bank.balances, bank.statements, bank.open_entries, bank.parked)
    off, balances, received, deposits, parked = book.together(
        [partial(one, book, point) for one in read]
    )
    found = (bank.accounts(book, point), balances, received, off, deposits, parked)
    return BankFacts(*(frame.to_dicts() for frame in found))


def head(point: Known) -> Report:
    """What a report says about the point from which it looks."""
    return {
        "as_of": point.as_of.isoformat(),
        "register": {"no": point.register, "hash": point.hash},
        "policy_hash": point.policy_hash,
        "policy_approved_by": list(point.approved_by),
        "statement_events_since": point.later,
    }


def _head_of_banks(book: ledger.Ledger, point: Known) -> Report:
    """The head of a report about banks: ``refused`` tells the statements that it leaves out."""
    refused = bank.refused(book, point).to_dicts()
    return {**head(point), "refused": [reconciliation.refused(row) for row in refused]}


def night(settings: Settings, as_of: dt.date | None = None, at: int | None = None) -> Report:
    """The night's control report; ``as_of`` defaults to the latest booking date received."""
    with ledger.open(settings.ledger) as book:
        point = known(book, as_of, at)
        own = bank_facts(book, point)
        facts = _facts(book, settings, point, own)
        return control_report.compose(_head_of_banks(book, point), prove(own, point.as_of), facts)


def _facts(book: ledger.Ledger, settings: Settings, point: Known, own: BankFacts) -> Facts:
    since, accounts = counts.since(book, point), settings.accounts
    open_ones = partial(entries.open_entries, book, point, ("payment", "refund"))
    transfers = partial(own_transfers.not_cancelled, book, accounts["transfers"], point.journal)
    last = [partial(one, book, point, since)
            for one in (counts.fates, counts.given, counts.received_last)]  # fmt: skip
    whole = [partial(one, book, point) for one in (counts.control, counts.held, counts.source_lag)]
    read = book.together([whole[0], open_ones, *last, transfers, *whole[1:]])  # long ones first
    control, payments, fates, given, received_last, not_cancelled, on_hold, lag = [
        frame.to_dicts() for frame in read
    ]
    return Facts(
        since=since,
        received_last=received_last,
        fates=fates,
        held=on_hold,
        given=given,
        control=control,
        transfers=not_cancelled,
        source_lag=lag,
        payments=payments,
        balances=own.balances,
        clearing_account=accounts["clearing"],
        transfers_account=accounts["transfers"],
        red_after=settings.feeds["missing_statement_days"],
    )


def not_tied(book: ledger.Ledger, settings: Settings, through: dt.date) -> list[str]:
    """What the books through a day are not proved by: statements, bank proof, control accounts."""
    point, last = known(book, through), known(book)
    own = bank_facts(book, point)
    proofs, latest = prove(own, through), prove(bank_facts(book, last), last.as_of)
    return period.not_tied(through, proofs, latest, _facts(book, settings, point, own))


def aging(
    settings: Settings, as_of: dt.date, at: int | None = None, party_type: str | None = None
) -> Report:
    """Aged open entries of customers and vendors, or of one side, against control accounts."""
    with ledger.open(settings.ledger) as book:
        point = known(book, as_of, at)
        found = entries.open_entries(book, point).to_dicts()
        names = entries.names(book, point).to_dicts()
        balances = bank.balances(book, point).to_dicts()
        return aged.compose(head(point), found, names, balances, party_type)


def trial_balance(
    settings: Settings, as_of: dt.date, at: int | None = None, since: dt.date | None = None
) -> Report:
    """Every G/L account as of a date; with ``since`` what it had before and what moved."""
    with ledger.open(settings.ledger) as book:
        point = known(book, as_of, at)
        code = company.currency(book, settings)
        found = general.movements(book, point, since, code).to_dicts()
        return trial.compose(head(point), found, code, since.isoformat() if since else "")
