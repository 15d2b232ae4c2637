"""What the ledger holds of taxes: of entries as loaded, of applications as posted."""

from collections.abc import Collection

import polars as pl

from pipeline.domain import frames
from pipeline.ledger.connection import Ledger
from pipeline.ledger.reading import listed

_NO_CODE = "CAST('' AS TEXT)"


def loaded(ledger: Ledger) -> bool:
    """Whether the books hold the taxes of any entry."""
    return bool(ledger.rows("SELECT 1 FROM entry_tax LIMIT 1"))


def of_entries(ledger: Ledger, entries: Collection[int]) -> pl.DataFrame:
    """The taxes of these entries (``frames.ENTRY_TAXES``), none where they were not loaded.

    Where the codes of an entry do not cover its amount, the rest is a row without code and tax.
    """
    some = _ids(entries)
    rest = "e.amount - sum(t.base_amount + t.tax_amount)"
    sql = (
        "SELECT entry_id, tax_code, rate, CASE WHEN discount_tax_account <> '' THEN"
        " discount_tax_account ELSE tax_account END, base_amount, tax_amount FROM entry_tax"
        f" WHERE entry_id {some} UNION ALL SELECT e.id, {_NO_CODE}, {_NO_CODE}, {_NO_CODE},"
        f" CAST({rest} AS BIGINT), 0 FROM entry e JOIN entry_tax t ON t.entry_id = e.id"
        f" WHERE e.id {some} GROUP BY e.id, e.amount HAVING {rest} <> 0 ORDER BY 1, 2"
    )
    return ledger.frame(sql, frames.ENTRY_TAXES)


def sides(ledger: Ledger, entries: Collection[int]) -> pl.DataFrame:
    """``entry_id, side`` of these entries: the sign of their amount."""
    sql = f"SELECT id, CASE WHEN amount < 0 THEN -1 ELSE 1 END FROM entry WHERE id {_ids(entries)}"
    return ledger.frame(f"{sql} ORDER BY id", dict.fromkeys(("entry_id", "side"), pl.Int64))


def applied(ledger: Ledger, entries: Collection[int]) -> pl.DataFrame:
    """The shares of applications of these entries that nothing undid (``APPLIED_TAXES``)."""
    sql = (
        "SELECT a.entry_id, dense_rank() OVER (PARTITION BY a.entry_id ORDER BY"
        " a.journal_entry_no, a.seq), a.entry_amount, a.discount_amount,"
        " a.difference_amount,"
        " t.part, t.tax_code, t.rate, t.gl_account, t.base_amount, t.tax_amount FROM application a"
        " JOIN application_tax t ON t.journal_entry_no = a.journal_entry_no AND t.seq = a.seq"
        f" WHERE a.entry_id {_ids(entries)} AND a.unapplies_no IS NULL AND NOT EXISTS"
        " (SELECT 1 FROM application u WHERE u.unapplies_no = a.journal_entry_no AND"
        " u.unapplies_seq = a.seq) ORDER BY 1, 2"
    )
    return ledger.frame(sql, frames.APPLIED_TAXES)


def _ids(entries: Collection[int]) -> str:
    return f"IN ({listed(set(entries))})"
