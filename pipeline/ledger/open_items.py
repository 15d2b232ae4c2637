"""Reads that a night makes more than once: open entries, parties, and the proposals that stand."""

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
        new = now.filter(~_among(self._known))
        if new.height:
            self._add(ledger, new)
            now = now.filter(_among(self._known))  # another process may have closed one meanwhile
        still = self._known.filter(_among(now))
        return still.with_columns(now.drop("entry_id").get_columns())  # both are by number

    def _add(self, ledger: Ledger, new: pl.DataFrame) -> None:
        """Read entries that were not open before; among them such as were closed before."""
        found = reads.open_entries(ledger, new["entry_id"][0])
        fresh = found.join(new, on="entry_id", how="semi", maintain_order="left")
        self._known = pl.concat([self._known, fresh])
        if not self._known["entry_id"].is_sorted():
            self._known = self._known.sort("entry_id")


def _among(entries: pl.DataFrame) -> pl.Expr:
    return pl.col("entry_id").is_in(entries["entry_id"].implode())


class Parties:
    """Customers and vendors of one ledger, read again where a load came meanwhile.

    Nothing else changes them. Whom a load blocks after that, a register asks for itself
    (``unchanged``).
    """

    def __init__(self) -> None:
        self._known = frames.empty(frames.PARTIES)
        self._loads = -1

    def read(self, ledger: Ledger) -> pl.DataFrame:
        """Customers and vendors as they are now (``frames.PARTIES``)."""
        last = ledger.frame("SELECT coalesce(max(id), 0) FROM load_file", {"id": pl.Int64}).item()
        if last != self._loads:  # one that comes while they are read is seen the next time
            self._loads, self._known = last, reads.parties(ledger)
        return self._known


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
