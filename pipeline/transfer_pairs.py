"""Which sides of own transfers clear each other, of all that stands on the transfers account."""

from typing import Any

from pipeline import ledger, posting
from pipeline.config import Settings
from pipeline.ledger import company, own_transfers, reads
from pipeline.matching.books import own_accounts, plain_text

Row = dict[str, Any]


def may_settle(book: ledger.Ledger, settings: Settings) -> bool:
    """Is there a bank account in another currency, and every account that a difference needs?"""
    own = company.currency(book, settings)
    needed = ("transfers", "fx_gain", "fx_loss", "fx_position")
    known = own and all(settings.accounts[name] for name in needed)
    return bool(known and own_transfers.foreign(book, own))


def found(book: ledger.Ledger, settings: Settings) -> list[tuple[Row, Row]]:
    """The pairs, each with the bank account of ours that its line names (``posting.pairs``)."""
    own, account = company.currency(book, settings), settings.accounts["transfers"]
    known = own_accounts(reads.bank_accounts(book))
    rows = own_transfers.sides(book, account).to_dicts()
    for row in rows:
        row["other"] = known.get(plain_text(row.pop("counterparty_account")), "")
        row["worth"] = row["amount"] if row["currency"] == own else row["worth"]
    return posting.pairs(rows)


def in_two_currencies(book: ledger.Ledger, settings: Settings) -> set[int]:
    """The journal entries of sides that the end of a night clears, or has cleared.

    Of days that come at once it does so after the last match: till then both sides seem alone.
    """
    if not may_settle(book, settings):
        return set()
    two = [pair for pair in found(book, settings) if pair[0]["currency"] != pair[1]["currency"]]
    return {side["no"] for pair in two for side in pair}
