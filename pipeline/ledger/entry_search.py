"""Open entries that a person looks for: by number, by party, by amount with a tolerance."""

import contextlib
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from pipeline.domain import money
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
_PARTIES: dict[str, Any] = {"party": pl.String, "name": pl.String}
_NAMED = "SELECT party_type || '/' || party_no AS party, name FROM party ORDER BY id"
_HEAD = (
    "SELECT (SELECT value FROM counter WHERE name = 'journal_entry'),"
    " (SELECT coalesce(max(id), 0) FROM master_change)"
)
_SINCE = (
    "SELECT id FROM entry WHERE journal_entry_no > {head} UNION SELECT entry_id FROM application"
    " WHERE journal_entry_no > {head} AND entry_id IS NOT NULL"
)


@dataclass(frozen=True, slots=True)
class _Kept:
    """What is open by the last journal entry, and the parties by the last change of any.

    ``whose``: the row of an entry's party in ``parties``.
    """

    url: str
    head: int
    changed: int
    parties: pl.DataFrame
    entries: pl.DataFrame


_NONE = _Kept("", -1, -1, pl.DataFrame(schema=_PARTIES), pl.DataFrame(schema=_KEPT))


class OpenEntries:
    """The open entries of a ledger, by what people look for: kept by whoever looks often.

    An entry never changes, and what is open of it changes by journal entries only: so what is kept
    is brought up to date by what was posted since, and names of parties by what was loaded.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept = _NONE

    def refresh(self, ledger: Ledger) -> None:
        """Read what changed since the last time; the first time all that is open."""
        with self._lock:
            self._kept = _refreshed(ledger, self._kept)

    def found(self, ledger: Ledger, words: str, line: Mapping[str, Any]) -> list[Row]:
        """Open entries of the currency of ``line`` that fit each of ``words``, at most ``MOST``.

        A word is part of a document number, the number of a party or part of its name, in any
        case, or an amount; ``AMOUNT~TOLERANCE`` finds amounts near it. Those next to the line's
        amount come first. As of the last ``refresh``; what is not open any more is left out.
        """
        kept = self._kept
        fits = [_fits(kept, word, line["currency"]) for word in words.split()[:_WORDS]]
        here = kept.entries.filter(pl.col("currency") == line["currency"], *fits)
        far = (pl.col("remaining") - line["amount"]).abs()
        nearest = here.filter(far <= far.bottom_k(MOST).max())
        ids = nearest.sort(far, "due_date", "id", nulls_last=True)["id"].head(MOST)
        return chosen(ledger, ids.to_list(), line)


def chosen(ledger: Ledger, ids: list[int], line: Mapping[str, Any]) -> list[Row]:
    """Those of these entries that are open in the currency of ``line``, as ``found`` gives them."""
    sql = _SHOWN.format(ids=listed(ids))
    return ledger.records(sql, currency=line["currency"], amount=line["amount"])


def _refreshed(ledger: Ledger, kept: _Kept) -> _Kept:
    """The same, and what was posted and loaded since."""
    url = str(ledger.engine.url)
    head, changed = (int(number) for number in ledger.rows(_HEAD)[0])
    if (url, head, changed) == (kept.url, kept.head, kept.changed):
        return kept
    anew = (url, changed) != (kept.url, kept.changed)
    parties = _parties(ledger) if anew else kept.parties
    entries = kept.entries
    if url != kept.url or head < kept.head:
        entries = _read_all(ledger)
    elif head > kept.head:
        since = [row[0] for row in ledger.rows(_SINCE.format(head=kept.head))]
        if len(since) > _ANEW:
            entries = _read_all(ledger)
        else:
            stays = entries.filter(~pl.col("id").is_in(since)).select(list(_KEPT))
            entries = pl.concat([stays, _read(ledger, f" AND id IN ({listed(since)})")])
    rows = parties.select("party").with_row_index("whose")
    with_party = entries.select(list(_KEPT)).join(
        rows, on="party", how="left", maintain_order="left"
    )
    return _Kept(url, head, changed, parties, with_party)


def _parties(ledger: Ledger) -> pl.DataFrame:
    found = ledger.frame(_NAMED, _PARTIES)
    return found.with_columns(pl.col("name").str.to_lowercase())


def _read_all(ledger: Ledger) -> pl.DataFrame:
    last = int(ledger.rows("SELECT coalesce(max(id), 0) FROM entry")[0][0])
    parts = [_read(ledger, f" AND id BETWEEN {place} AND {place + _TURN - 1}")
             for place in range(0, last + 1, _TURN)]  # fmt: skip
    return pl.concat(parts)


def _read(ledger: Ledger, also: str) -> pl.DataFrame:
    found = ledger.frame(f"{_OPEN}{also}", _KEPT)
    return found.with_columns(pl.col("said").str.to_lowercase())


def _fits(kept: _Kept, word: str, currency: str) -> pl.Expr:
    fits = pl.col("said").str.contains(word.lower(), literal=True)
    named = kept.parties["name"].str.contains(word.lower(), literal=True)
    if named.any():
        fits |= pl.lit(named.gather(kept.entries["whose"]))
    amount, near, tolerance = word.partition("~")
    with contextlib.suppress(ValueError):
        value = abs(money.minor(amount, currency))
        by = abs(money.minor(tolerance, currency)) if near else 0
        fits |= pl.col("remaining").abs().is_between(value - by, value + by)
    return fits
