"""Open items that a person looks for: by part of the payer's name, the text or a reference."""

import contextlib
import threading
from dataclasses import dataclass
from typing import Any

import polars as pl

from pipeline.domain import money
from pipeline.ledger.connection import Ledger
from pipeline.ledger.queue import Found

_WORDS = 6
_SPARE = 50_000
"""So many items that are kept and no longer open are few."""
_TURN = 4_000
"""Numbers of items that are read at a time: on SQLite requests wait for that long."""
_KEPT: dict[str, Any] = {
    "id": pl.Int64, "currency": pl.String, "amount": pl.Int64, "said": pl.String,
}  # fmt: skip
_OPEN = (
    "SELECT x.id, x.currency, l.amount, l.counterparty_name || '\n' || l.text || '\n' ||"
    " l.bank_reference || '\n' || l.end_to_end_id FROM exception_item x JOIN statement_line l ON"
    " l.line_id = x.line_id WHERE x.status = 'open' AND x.opening > {opening} AND x.id BETWEEN"
    " {first} AND {last}"
)
_RANGE = (
    "SELECT coalesce(min(id), 0), coalesce(max(id), -1), count(*) FROM exception_item WHERE opening"
    " > {opening}"
)
_HEAD = (
    "SELECT (SELECT coalesce(max(opening), 0) FROM exception_item),"
    " (SELECT coalesce(sum(items), 0) FROM queue_total)"
)


@dataclass(frozen=True, slots=True)
class _Kept:
    """What the items of a ledger say that were opened until some ``opening``."""

    url: str
    opening: int
    items: pl.DataFrame


_NONE = _Kept("", -1, pl.DataFrame(schema=_KEPT))


class OpenItems:
    """What the lines of open items say: kept by whoever searches often.

    A line never changes, and its item keeps its number: so what is kept is brought up to date by
    what was opened since, and what was resolved meanwhile is for the query to leave out.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept = _NONE

    def refresh(self, ledger: Ledger) -> None:
        """Read what was opened since the last time, at first all: some at a time.

        Others wait for it, and must not have a turn of the ledger then.
        """
        with self._lock:
            self._kept = _refreshed(ledger, self._kept)

    def found(self, ledger: Ledger, words: str) -> Found:
        """The items that hold each of ``words`` in any case, or have it as amount.

        All that are open are among those which are kept, whenever that was refreshed.
        """
        here = kept = _refreshed(ledger, self._kept).items
        for word in sorted(words.split()[:_WORDS], key=len, reverse=True):
            here = here.filter(_fits(word, here["currency"].unique().to_list()))
        if 2 * here.height <= kept.height:
            return Found(here["id"].to_list())
        others = kept.join(here, on="id", how="anti", maintain_order="left")
        return Found(others["id"].to_list(), these=False)


def _refreshed(ledger: Ledger, kept: _Kept) -> _Kept:
    """The same, and what was opened since."""
    url = str(ledger.engine.url)
    opening, waiting = (int(number) for number in ledger.rows(_HEAD)[0])
    many = kept.items.height > 2 * waiting + _SPARE
    if url != kept.url or opening < kept.opening or many:
        kept = _NONE
    elif opening == kept.opening:
        return kept
    fresh = _read(ledger, kept.opening)
    stays = kept.items.join(fresh, on="id", how="anti", maintain_order="left")
    return _Kept(url, opening, pl.concat([stays, fresh]))


def _read(ledger: Ledger, opening: int) -> pl.DataFrame:
    first, last, count = (int(found) for found in ledger.rows(_RANGE.format(opening=opening))[0])
    step = last - first + 1 if count <= _TURN else _TURN
    parts = [
        ledger.frame(
            _OPEN.format(opening=opening, first=place, last=place + step - 1), _KEPT
        ).with_columns(pl.col("said").str.to_lowercase())
        for place in range(first, last + 1, max(step, 1))
    ]
    return pl.concat([pl.DataFrame(schema=_KEPT), *parts])


def _fits(word: str, currencies: list[str]) -> pl.Expr:
    fits = pl.col("said").str.contains(word.lower(), literal=True)
    if word[-1].isdigit() and word[0] in "+-0123456789":
        for currency in sorted(currencies):
            with contextlib.suppress(ValueError):
                value = abs(money.minor(word, currency))
                fits |= (pl.col("currency") == currency) & (pl.col("amount").abs() == value)
    return fits
