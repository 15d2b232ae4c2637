"""Lines in the making: rows become columns every few thousand, since a row takes ten times more."""

from operator import itemgetter
from typing import Any

import polars as pl

from pipeline.domain import frames
from pipeline.domain.packed_lines import PIECE, PackedLines

_DEFAULT: dict[Any, Any] = {pl.String: "", pl.Date: None, pl.Boolean: False}
_EMPTY = {name: _DEFAULT.get(kind, 0) for name, kind in frames.FEED_LINES.items()}
_CELLS = itemgetter(*_EMPTY)


class Rows:
    """Rows of ``frames.FEED_LINES``; what a row does not say is empty, zero or null."""

    def __init__(self) -> None:
        self._done = PackedLines()
        self._rows: list[dict[str, Any]] = []

    def add(self, row: dict[str, Any]) -> None:
        """Take one row."""
        self._rows.append({**_EMPTY, **row})
        if len(self._rows) == PIECE:
            self._pack()

    def lines(self) -> PackedLines:
        """All rows in their order."""
        self._pack()
        return self._done

    def _pack(self) -> None:
        if not self._rows:
            return
        columns = zip(*map(_CELLS, self._rows), strict=True)
        named = dict(zip(frames.FEED_LINES, columns, strict=True))
        self._done.add(pl.DataFrame(named, schema=frames.FEED_LINES))
        self._rows = []
