"""Loading the books: each kind of file, all of it or nothing, twice as once.

``read`` and ``checks`` make rows of a file; a module a kind says what becomes of them.
"""

import datetime as dt
from pathlib import Path

import polars as pl

from pipeline.config import Settings
from pipeline.domain.errors import UsageError
from pipeline.ledger import company
from pipeline.ledger.connection import Ledger
from pipeline.ledger.load import dialect, log, parties, taxes
from pipeline.ledger.load.bank_accounts import load_bank_accounts
from pipeline.ledger.load.bank_entries import load_bank_entries
from pipeline.ledger.load.control_totals import load_control_totals
from pipeline.ledger.load.entries import load_entries
from pipeline.ledger.load.journal import Books, Receipt
from pipeline.ledger.load.kinds import KINDS
from pipeline.ledger.load.rates import load_rates
from pipeline.ledger.load.read import Rows, read_rows

__all__ = ["KINDS", "load"]


def load(
    ledger: Ledger,
    kind: str,
    path: Path,
    settings: Settings,
    *,
    snapshot: bool = False,
    allow_closing: bool = False,
    as_of: dt.date | None = None,
    booked_through: int = 0,
    actor: str,
) -> Receipt:
    """Load one file, all of it or nothing; the same file twice changes nothing.

    ``snapshot``: it is all that is open at its source on ``as_of``; ``booked_through``: the last
    register of ours that the source has for certain. Raises LoadError with every
    bad row named, UsageError for what is no readable file. ``problems`` of the receipt names what
    was found although the file was taken.
    """
    company.currency(ledger, settings)
    books = Books(ledger, settings, actor, log.source(path, kind, as_of))
    written = dialect.of(settings, kind)
    if kind == "ledger-entries":
        rows = read_rows(path, written)
        return load_entries(books, rows, whole=snapshot, allow_closing=allow_closing, as_of=as_of,
                            booked_through=booked_through)  # fmt: skip
    if snapshot or allow_closing or as_of or booked_through:
        raise UsageError(
            f"{kind}: --snapshot, --as-of, --allow-closing and --booked-through are for"
            " ledger-entries"
        )
    if kind == "rates":
        return load_rates(books, path, written)
    if kind == "entry-taxes":
        known = taxes.entries(ledger)
        currencies = known.select(*KINDS[kind].key[:-1], "currency")
        return taxes.load_taxes(books, read_rows(path, written, currencies), known)
    return _plain(books, written, path)


def _plain(books: Books, written: dialect.Dialect, path: Path) -> Receipt:
    kind = written.kind
    accounts = None
    if kind == "bank-entries":
        accounts = books.ledger.frame(
            "SELECT bank_account_no, currency FROM bank_account ORDER BY bank_account_no",
            dict.fromkeys(("bank_account_no", "currency"), pl.String),
        )
    rows: Rows = read_rows(path, written, accounts)
    if kind in ("customers", "vendors"):
        return parties.load_parties(books, rows, kind[:-1])
    loads = {
        "gl-accounts": parties.load_gl_accounts,
        "bank-accounts": load_bank_accounts,
        "bank-entries": load_bank_entries,
        "control-totals": load_control_totals,
    }
    return loads[kind](books, rows)
