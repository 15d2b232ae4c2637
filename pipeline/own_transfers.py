"""Own transfers in other currencies: what their two sides differ by leaves the transfers account.

Asked anew at each end of a night, of all that stands there: what is not settled yet is, and what
belongs to a pair that is none any more (a side was reversed) is taken back.
"""

import polars as pl

from pipeline import booking, ledger, posting, reversal, transfer_pairs
from pipeline.config import Settings
from pipeline.ledger import company, own_transfers, posted


def settle(book: ledger.Ledger, settings: Settings, actor: str) -> int:
    """Post the exchange differences of own transfers; returns how many journal entries it took.

    None where an account that they need is emptied in the settings: they wait until it is set.
    """
    own, account = company.currency(book, settings), settings.accounts["transfers"]
    if not transfer_pairs.may_settle(book, settings):
        return 0
    before = own_transfers.settled(book, account)
    stands = dict(zip(before["key"], before["live"] == 1, strict=True))
    found = transfer_pairs.found(book, settings)
    journal, gone = posting.differences(found, settings, own, stands, posted.first_open(book))
    done = _take_back(book, settings, before.filter(pl.col("key").is_in(gone)), actor)
    if journal.journal_entries.height:
        written = booking.write(book, journal, settings, kind=own_transfers.KIND, actor=actor)
        done += int(written["journal_entries"])
    return done


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
