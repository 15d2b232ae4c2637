"""Searches in the books, each made once while a run goes on.

What the texts of the books say of one name, line or number hangs on no other, and neither the texts
of an entry nor those of a stored line ever change. So a later match of the same run asks only for
what an earlier one did not. Which entries are open counts where the findings are put together.
"""

from collections.abc import Callable

import polars as pl

from pipeline.domain import frames
from pipeline.matching import names_in_text, payers
from pipeline.matching.entry_keys import EntryKeys, keyed
from pipeline.matching.names import by_damaged_name

Search = Callable[[pl.DataFrame], pl.DataFrame]


class _Found:
    """Rows that a search finds, by the ``key`` of what it asks for."""

    def __init__(self, key: str) -> None:
        self._key = key
        self._asked = self._rows = pl.DataFrame()

    def of(self, asked: pl.DataFrame, search: Search) -> pl.DataFrame:
        """What ``search`` finds for ``asked``, of which only the new is searched."""
        if self._asked.is_empty():
            self._asked, self._rows = asked.select(self._key), search(asked)
            return self._rows
        new = asked.join(self._asked, on=self._key, how="anti")
        if new.height:
            self._asked = pl.concat([self._asked, new.select(self._key)])
            self._rows = pl.concat([self._rows, search(new)])
        return self._rows.join(asked, on=self._key, how="semi")


class Searches:
    """What was found for the names on file and the words of the lines by now."""

    def __init__(self) -> None:
        self._parties = frames.empty(frames.PARTIES)
        self._known = pl.DataFrame()
        self._wanted = pl.Series(dtype=pl.UInt64)
        self._keys = EntryKeys.none()
        self._forget_names()

    def _forget_names(self) -> None:
        self._equal, self._damaged = _Found("written"), _Found("written")
        self._in_text = _Found("line_id")

    def names(self, lines: pl.DataFrame, parties: pl.DataFrame) -> payers.Names:
        """As ``payers.names``; where other parties are on file than before all is sought anew."""
        if self._known.is_empty() or not parties.equals(self._parties):
            self._forget_names()
            self._known, self._parties = payers.known_names(parties), parties
        asked = payers.asked_names(lines)
        equal = self._equal.of(asked, lambda new: payers.by_name(new, self._known))
        return payers.Names(self._known, asked, equal)

    def damaged(self, asked: pl.DataFrame) -> pl.DataFrame:
        """As ``names.by_damaged_name``, among the names that ``names`` knew last."""
        return self._damaged.of(asked, lambda new: by_damaged_name(new, self._known))

    def in_text(self, lines: pl.DataFrame) -> pl.DataFrame:
        """As ``names_in_text.named``, among the names that ``names`` knew last."""
        return self._in_text.of(lines, lambda new: names_in_text.named(new, self._known))

    def keys(self, entries: pl.DataFrame, wanted: pl.Series) -> EntryKeys:
        """As ``entry_keys.keyed``; words that no line had before ask for all entries anew."""
        if not wanted.is_in(self._wanted.implode()).all():
            self._wanted, self._keys = wanted, EntryKeys.none()
        known = self._keys.documents["entry_id"]
        new = entries.filter(~pl.col("entry_id").is_in(known.implode()))
        made = keyed(new, self._wanted)
        self._keys = self._keys.and_those(made)
        return made if new.height == entries.height else self._keys.of(entries)
