"""The books beside the lines of a night: what they may settle, and who is on file."""

from dataclasses import dataclass

import polars as pl


@dataclass(frozen=True, slots=True)
class OpenItems:
    """Frames of ``domain.frames``, as they are before any line is decided."""

    entries: pl.DataFrame
    bank_entries: pl.DataFrame
    parties: pl.DataFrame
    bank_accounts: pl.DataFrame
    closed: pl.DataFrame
    """Closed entries, schema ``ENTRIES``: a line that names one asks."""
    mappings: pl.DataFrame
    references: pl.DataFrame
    """Of entries, open or closed, that the other side calls by a name of its own."""
    parts: pl.DataFrame
    """What references of our statements stand for, schema ``NAMED_PARTS``."""
