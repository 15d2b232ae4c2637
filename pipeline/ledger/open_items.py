"""Reads that a night makes more than once: open entries, and the proposals that stand."""

from dataclasses import dataclass

import polars as pl

from pipeline.domain import frames
from pipeline.ledger import reads
from pipeline.ledger.connection import Ledger


class OpenEntries:
    """Open entries of one ledger, read again and again: what never changes of them once.

    Of an entry only what remains of it and its hold may change (``rules.CHANGING``), which the
    database itself sees to. Both are read each time, all else of an entry when it first comes.
    """

    def __init__(self) -> None:
        self._known = frames.empty(frames.ENTRIES)

    def read(self, ledger: Ledger) -> pl.DataFrame:
        """Open customer and vendor entries as they are now (``frames.ENTRIES``)."""
        if self._known.is_empty():
            self._known = reads.open_entries(ledger)
            return self._known
        now = reads.open_now(ledger)
        new = now.join(self._known, on="entry_id", how="anti")
        if new.height:
            found = reads.open_entries(ledger, new["entry_id"][0])
            fresh = found.join(new, on="entry_id", how="semi", maintain_order="left")
            self._known = pl.concat([self._known, fresh])
        rest = self._known.select("entry_id", pl.exclude(now.columns))
        return now.join(rest, on="entry_id", maintain_order="left").select(*frames.ENTRIES)


@dataclass(frozen=True, slots=True)
class Standing:
    """Proposals as the ledger holds them, with their open lines and the entries that they name."""

    lines: pl.DataFrame
    proposals: pl.DataFrame
    proposed: pl.DataFrame
    entries: pl.DataFrame


def standing(ledger: Ledger) -> Standing:
    """All that stands now."""
    return Standing(
        reads.open_lines(ledger), *reads.open_proposals(ledger), reads.proposed_entries(ledger)
    )
