"""Open items that a person looks for: by part of the payer's name, the text or a reference."""

import contextlib
import threading
from typing import Any

import polars as pl

from pipeline.domain import money
from pipeline.ledger.connection import Ledger
from pipeline.ledger.queue import Found

_WORDS = 6
_SPARE = 50_000
"""So many items that are kept and no longer open are few."""
_KEPT: dict[str, Any] = {
    "id": pl.Int64, "currency": pl.String, "amount": pl.Int64, "said": pl.String,
}  # fmt: skip
_OPEN = (
    "SELECT x.id, x.currency, l.amount, l.counterparty_name || '\n' || l.text || '\n' ||"
    " l.bank_reference || '\n' || l.end_to_end_id FROM exception_item x JOIN statement_line l ON"
    " l.line_id = x.line_id WHERE x.status = 'open' AND x.opening > {opening}"
)
_HEAD = (
    "SELECT (SELECT coalesce(max(opening), 0) FROM exception_item),"
    " (SELECT coalesce(sum(items), 0) FROM queue_total)"
)


class OpenItems:
    """What the lines of open items say: kept by whoever searches often.

    A line never changes, and its item keeps its number: so what is kept is brought up to date by
    what was opened since, and what was resolved meanwhile is for the query to leave out.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._opening = -1
        self._url = ""
        self._items = pl.DataFrame(schema=_KEPT)

    def found(self, ledger: Ledger, words: str) -> Found:
        """The items that hold each of ``words`` in any case, or have it as amount.

        All that are open are among those which are kept.
        """
        here = kept = self._refreshed(ledger)
        for word in sorted(words.split()[:_WORDS], key=len, reverse=True):
            here = here.filter(_fits(word, here["currency"].unique().to_list()))
        if 2 * here.height <= kept.height:
            return Found(here["id"].to_list())
        others = kept.join(here, on="id", how="anti", maintain_order="left")
        return Found(others["id"].to_list(), these=False)

    def _refreshed(self, ledger: Ledger) -> pl.DataFrame:
        """What is kept, after what changed since the last time was read; at first all."""
        url = str(ledger.engine.url)
        with self._lock:
            opening, waiting = (int(number) for number in ledger.rows(_HEAD)[0])
            many = self._items.height > 2 * waiting + _SPARE
            if url != self._url or opening < self._opening or many:
                self._items, self._url, self._opening = self._items.clear(), url, -1
            if opening > self._opening:
                fresh = _read(ledger, self._opening)
                stays = self._items.join(fresh, on="id", how="anti")
                self._items, self._opening = pl.concat([stays, fresh]), opening
            return self._items


def _read(ledger: Ledger, opening: int) -> pl.DataFrame:
    found = ledger.frame(_OPEN.format(opening=opening), _KEPT)
    return found.with_columns(pl.col("said").str.to_lowercase())


def _fits(word: str, currencies: list[str]) -> pl.Expr:
    fits = pl.col("said").str.contains(word.lower(), literal=True)
    if word[-1].isdigit() and word[0] in "+-0123456789":
        for currency in sorted(currencies):
            with contextlib.suppress(ValueError):
                value = abs(money.minor(word, currency))
                fits |= (pl.col("currency") == currency) & (pl.col("amount").abs() == value)
    return fits
