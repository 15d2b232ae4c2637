"""Own transfers in other currencies: what their two sides differ by leaves the transfers account.

Asked anew at each end of a night, of all that stands there: what is not settled yet is, and what
belongs to a pair that is none any more (a side was reversed) is taken back.
"""

from typing import Any

import polars as pl

from pipeline import booking, ledger, posting, reversal
from pipeline.config import Settings
from pipeline.ledger import company, own_transfers, posted, reads
from pipeline.matching.books import own_accounts, plain_text


def settle(book: ledger.Ledger, settings: Settings, actor: str) -> int:
    """Post the exchange differences of own transfers; returns how many journal entries it took.

    None where an account that they need is emptied in the settings: they wait until it is set.
    """
    own, account = company.currency(book, settings), settings.accounts["transfers"]
    if not (own and account and own_transfers.foreign(book, own)):
        return 0
    needed = ("fx_gain", "fx_loss", "fx_position")
    if not all(settings.accounts[name] for name in needed):
        return 0
    before = own_transfers.settled(book, account)
    stands = dict(zip(before["key"], before["live"] == 1, strict=True))
    found = posting.pairs(_sides(book, account, own))
    journal, gone = posting.differences(found, settings, own, stands, posted.first_open(book))
    done = _take_back(book, settings, before.filter(pl.col("key").is_in(gone)), actor)
    if journal.journal_entries.height:
        written = booking.write(book, journal, settings, kind=own_transfers.KIND, actor=actor)
        done += int(written["journal_entries"])
    return done


def _sides(book: ledger.Ledger, account: str, own: str) -> list[dict[str, Any]]:
    """What stands on the account, each with the bank account of ours that its line names."""
    known = own_accounts(reads.bank_accounts(book))
    rows = own_transfers.sides(book, account).to_dicts()
    for row in rows:
        row["other"] = known.get(plain_text(row.pop("counterparty_account")), "")
        row["worth"] = row["amount"] if row["currency"] == own else row["worth"]
    return rows


def _take_back(book: ledger.Ledger, settings: Settings, gone: pl.DataFrame, actor: str) -> int:
    """Reverse what belongs to no pair any more, each on its own day or the first open one."""
    if gone.is_empty():
        return 0
    first_open = pl.lit(posted.first_open(book), dtype=pl.Date)
    days = gone.select("no", pl.max_horizontal("posting_date", first_open).alias("day"))
    undone, _ = reversal.journal(
        book, dict(days.rows()), "a side of the transfer is not posted any more"
    )
    written = booking.write(book, undone, settings, kind="reversal", actor=actor)
    return int(written["journal_entries"])
