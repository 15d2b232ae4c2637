"""Lines in the making: rows become columns every few thousand, since a row takes ten times more."""

from typing import Any

import polars as pl

from pipeline.domain import frames
from pipeline.domain.packed_lines import PIECE, PackedLines


class Rows:
    """Rows of ``frames.FEED_LINES``; what a row does not say is empty, zero or null."""

    def __init__(self) -> None:
        self._done = PackedLines()
        self._rows: list[dict[str, Any]] = []

    def add(self, row: dict[str, Any]) -> None:
        """Take one row."""
        self._rows.append(row)
        if len(self._rows) == PIECE:
            self._pack()

    def lines(self) -> PackedLines:
        """All rows in their order."""
        self._pack()
        return self._done

    def _pack(self) -> None:
        if not self._rows:
            return
        columns: dict[str, list[Any]] = {}
        for name, kind in frames.FEED_LINES.items():
            default = _DEFAULT.get(kind, 0)
            columns[name] = [row.get(name, default) for row in self._rows]
        self._done.add(pl.DataFrame(columns, schema=frames.FEED_LINES))
        self._rows = []


_DEFAULT: dict[Any, Any] = {pl.String: "", pl.Date: None, pl.Boolean: False}
