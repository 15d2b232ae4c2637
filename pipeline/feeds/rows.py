"""Lines in the making: rows become columns every few thousand, since a row takes ten times more."""

from typing import Any

import polars as pl

from pipeline.domain import frames

_CHUNK = 5_000


class Rows:
    """Rows of ``frames.FEED_LINES``; what a row does not say is empty, zero or null."""

    def __init__(self) -> None:
        self._done: list[pl.DataFrame] = []
        self._rows: list[dict[str, Any]] = []

    def add(self, row: dict[str, Any]) -> None:
        """Take one row."""
        self._rows.append(row)
        if len(self._rows) == _CHUNK:
            self._pack()

    def frame(self) -> pl.DataFrame:
        """All rows in their order."""
        self._pack()
        return pl.concat(self._done) if self._done else frames.empty(frames.FEED_LINES)

    def _pack(self) -> None:
        if not self._rows:
            return
        columns: dict[str, list[Any]] = {}
        for name, kind in frames.FEED_LINES.items():
            default = _DEFAULT.get(kind, 0)
            columns[name] = [row.get(name, default) for row in self._rows]
        self._done.append(pl.DataFrame(columns, schema=frames.FEED_LINES))
        self._rows = []


_DEFAULT: dict[Any, Any] = {pl.String: "", pl.Date: None, pl.Boolean: False}
