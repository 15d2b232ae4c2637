"""Open entries that a person looks for: by number, by party, by amount with a tolerance."""

import contextlib
import threading
from collections.abc import Mapping
from typing import Any

import polars as pl
from sqlalchemy import text

from pipeline.domain import money
from pipeline.ledger import searched
from pipeline.ledger.connection import Ledger
from pipeline.ledger.reading import listed

Row = dict[str, Any]
MOST = 40
_WORDS = 5
_ANEW = 50_000
"""Beyond so many entries that changed, all that are open are read again."""
_TURN = 20_000
"""Numbers of entries that are read at a time: on SQLite requests wait for that long."""
_KEPT: dict[str, Any] = {
    "id": pl.Int64, "currency": pl.String, "remaining": pl.Int64, "due_date": pl.String,
    "party": pl.String, "said": pl.String,
}  # fmt: skip
_OPEN = (
    "SELECT id, currency, remaining_amount, due_date, party_type || '/' || party_no, document_no ||"
    " ' ' || external_document_no || ' ' || party_no FROM entry WHERE remaining_amount <> 0"
)
_SHOWN = (
    "SELECT e.id, e.party_type, e.party_no, coalesce(p.name, '') AS party_name, e.document_type,"
    " e.document_no, e.instalment, e.external_document_no, e.posting_date, e.due_date, e.currency,"
    " e.amount, e.remaining_amount FROM entry e LEFT JOIN party p ON p.party_type = e.party_type"
    " AND p.party_no = e.party_no WHERE e.id IN ({ids}) AND e.currency = :currency AND"
    " e.remaining_amount <> 0 ORDER BY abs(e.remaining_amount - :amount), e.due_date IS NULL,"
    " e.due_date, e.id"
)
_HEAD = "SELECT value FROM counter WHERE name = 'journal_entry'"
_SINCE = (
    "SELECT id FROM entry WHERE journal_entry_no > {head} UNION SELECT entry_id FROM application"
    " WHERE journal_entry_no > {head} AND entry_id IS NOT NULL"
)


class OpenEntries:
    """The open entries of a ledger, by what people look for: kept by whoever looks often.

    An entry never changes, and what is open of it changes by journal entries only: so what is kept
    is brought up to date by what was posted since. Names of parties are asked from the ledger.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._head = -1
        self._url = ""
        self._open = pl.DataFrame(schema=_KEPT)

    def refresh(self, ledger: Ledger) -> None:
        """Read what changed since the last time; the first time all that is open."""
        url = str(ledger.engine.url)
        with self._lock:
            head = int(ledger.rows(_HEAD)[0][0])
            changed: list[int] | None = None
            if (url, head) == (self._url, self._head):
                return
            if url == self._url and head > self._head:
                changed = [row[0] for row in ledger.rows(_SINCE.format(head=self._head))]
            if changed is None or len(changed) > _ANEW:
                self._open = _read_all(ledger)
            else:
                stays = self._open.filter(~pl.col("id").is_in(changed))
                fresh = _read(ledger, f" AND id IN ({listed(changed)})")
                self._open = pl.concat([stays, fresh])
            self._url, self._head = url, head

    def found(self, ledger: Ledger, words: str, line: Mapping[str, Any]) -> list[Row]:
        """Open entries of the currency of ``line`` that fit each of ``words``, at most ``MOST``.

        A word is part of a document number, the number of a party or part of its name, in any
        case, or an amount; ``AMOUNT~TOLERANCE`` finds amounts near it. Those next to the line's
        amount come first. As of the last ``refresh``; what is not open any more is left out.
        """
        fits = [_fits(ledger, word, line["currency"]) for word in words.split()[:_WORDS]]
        here = self._open.filter(pl.col("currency") == line["currency"], *fits)
        far = (pl.col("remaining") - line["amount"]).abs()
        nearest = here.filter(far <= far.bottom_k(MOST).max())
        ids = nearest.sort(far, "due_date", "id", nulls_last=True)["id"].head(MOST)
        return chosen(ledger, ids.to_list(), line)


def chosen(ledger: Ledger, ids: list[int], line: Mapping[str, Any]) -> list[Row]:
    """Those of these entries that are open in the currency of ``line``, as ``found`` gives them."""
    sql = _SHOWN.format(ids=listed(ids))
    return ledger.records(sql, currency=line["currency"], amount=line["amount"])


def _read_all(ledger: Ledger) -> pl.DataFrame:
    last = int(ledger.rows("SELECT coalesce(max(id), 0) FROM entry")[0][0])
    parts = [_read(ledger, f" AND id BETWEEN {place} AND {place + _TURN - 1}")
             for place in range(0, last + 1, _TURN)]  # fmt: skip
    return pl.concat(parts)


def _read(ledger: Ledger, also: str) -> pl.DataFrame:
    found = ledger.frame(f"{_OPEN}{also}", _KEPT)
    return found.with_columns(pl.col("said").str.to_lowercase())


def _fits(ledger: Ledger, word: str, currency: str) -> pl.Expr:
    """Names in any case; on SQLite letters beyond A-Z as they are written."""
    named = (
        "SELECT party_type || '/' || party_no FROM party WHERE name"
        f" {searched.like(ledger, 'word')}"
    )
    with ledger.reading() as connection:
        found = connection.execute(text(named), {"word": searched.holding(word)})
        parties = found.scalars().all()
    fits = pl.col("said").str.contains(word.lower(), literal=True) | pl.col("party").is_in(parties)
    amount, near, tolerance = word.partition("~")
    with contextlib.suppress(ValueError):
        value = abs(money.minor(amount, currency))
        by = abs(money.minor(tolerance, currency)) if near else 0
        fits |= pl.col("remaining").abs().is_between(value - by, value + by)
    return fits
