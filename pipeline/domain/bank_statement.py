"""What a bank sent: statements and their lines, frozen, before the ledger knows them."""

import datetime as dt
from dataclasses import dataclass, field

from pipeline.domain.packed_lines import PackedLines


@dataclass(frozen=True, slots=True)
class BankStatement:
    """One account's lines between two balances (MT940 :20: to :62F:, or OFX STMTRS).

    Amounts are minor units of ``currency``; ``opening`` and ``closing`` are None where the format
    gives none. ``kind`` is ``booked`` or ``announced`` (MT942, pending OFX items).
    ``hold_reason`` is empty for a statement that ties in itself, else the reason code why it is
    held (``does_not_tie``, ``bad_value_date``, ``inexact_amount``, ``no_opening``), ``detail`` is
    for people.
    """

    ordinal: int
    """Place in the file, from 1."""
    format: str
    """``mt940``, ``mt942``, ``ofx1`` or ``ofx2``."""
    kind: str
    account: str
    """The account as written: :25: or BANKID/ACCTID."""
    iban: str
    currency: str
    reference: str
    """:20: or TRNUID."""
    statement_no: str
    page: str
    from_date: dt.date | None
    to_date: dt.date | None
    opening: int | None
    closing: int | None
    complete: bool
    """False for an MT940 page that ends with :62M:."""
    opening_assumed: bool
    lines: PackedLines
    hold_reason: str = ""
    detail: str = ""
    warnings: tuple[str, ...] = ()
    tie_checked: bool = field(default=True)
    opens: bool = True
    """False for an MT940 page that begins with :60M:."""


@dataclass(frozen=True, slots=True)
class RefusedStatement:
    """A piece of a file that cannot be read; the rest of the file goes on."""

    ordinal: int
    account: str
    reference: str
    file_line: int
    reason: str
    """Code: ``cut``, ``unreadable``, ``no_statement``, ``doctype``, ``too_large``."""
    detail: str
    """One sentence: what stands there, what was expected. No payer data."""
    statement_no: str = ""
    page: str = ""
    currency: str = ""
    opening: int | None = None
    line_count: int = 0
    credits: int = 0
    debits: int = 0
    """What can be read of a cut statement, so that people see what is missing: lines up to the cut
    and their sums as magnitudes, in minor units. None of it is ever posted."""


@dataclass(frozen=True, slots=True)
class FeedResult:
    """All that one file held. ``refused`` empty and ``statements`` empty never happen together."""

    statements: tuple[BankStatement, ...]
    refused: tuple[RefusedStatement, ...]
    warnings: tuple[str, ...] = ()
