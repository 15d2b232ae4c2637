"""The lines of one statement in compressed pieces: a big one is never whole in memory as columns.

A line takes some 800 bytes as columns and 80 compressed.
"""

import io
from collections.abc import Iterable, Iterator

import polars as pl

from pipeline.domain import frames

PIECE = 2_000
"""Lines of a piece, at most, where a statement is read line by line."""
_SMALL = 200


class PackedLines:
    """Lines of ``frames.FEED_LINES`` in their order; a few stay as they are."""

    def __init__(self, pieces: Iterable[pl.DataFrame] = ()) -> None:
        self._pieces: list[bytes | pl.DataFrame] = []
        self.height = 0
        self.net = 0
        """Sum of the amounts, in minor units."""
        for piece in pieces:
            self.add(piece)

    def add(self, piece: pl.DataFrame) -> None:
        """Take further lines behind those that are there."""
        self.height += piece.height
        self.net += sum(piece["amount"].to_list())  # by Python: a column's sum may overflow
        if piece.height < _SMALL:
            self._pieces += [piece] if piece.height else []
            return
        buffer = io.BytesIO()
        piece.write_ipc(buffer, compression="zstd")
        self._pieces.append(buffer.getvalue())

    def pieces(self, *names: str) -> Iterator[pl.DataFrame]:
        """The columns ``names`` (all where none is named) piece by piece."""
        wanted = list(names) or list(frames.FEED_LINES)
        for piece in self._pieces:
            if isinstance(piece, bytes):
                yield pl.read_ipc(io.BytesIO(piece), columns=wanted)[wanted]
            else:
                yield piece[wanted]

    def frame(self, *names: str) -> pl.DataFrame:
        """The columns ``names`` (all where none is named) of all lines."""
        none = frames.empty(frames.FEED_LINES)
        return pl.concat([none.select(list(names) or list(none.columns)), *self.pieces(*names)])

    def __getitem__(self, name: str) -> pl.Series:
        return self.frame(name)[name]
