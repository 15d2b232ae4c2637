"""The journal of a load: opening and external postings, gathered and written as one register."""

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import polars as pl
from sqlalchemy import Connection

from pipeline.config import Settings
from pipeline.domain import frames, values
from pipeline.domain.errors import LedgerBusyError
from pipeline.domain.values import Values
from pipeline.ledger import company, writes
from pipeline.ledger.connection import Ledger
from pipeline.ledger.load import log
from pipeline.ledger.reads import register_head

Receipt = dict[str, Any]
Legs = list[tuple[str, int, str, int | None]]
"""G/L account, amount, bank account where it is one, and the value in company currency."""


@dataclass(slots=True)
class Books:
    """The ledger that a load writes, who loads, and the state that the load has seen."""

    ledger: Ledger
    settings: Settings
    actor: str
    source: log.Source
    head: int = field(init=False)

    def __post_init__(self) -> None:
        """Remember the last register: what is decided now holds for no other state."""
        self.head = register_head(self.ledger)["no"]

    def unchanged(self, connection: Connection) -> None:
        """LedgerBusyError when another process has posted since the load began."""
        sql = "SELECT coalesce(max(register_no), 0) FROM register_seal"
        if connection.exec_driver_sql(sql).scalar() != self.head:
            raise LedgerBusyError("another process has posted meanwhile; load the file again")

    def logged(self, connection: Connection) -> int:
        """Number of this load in the log; each load takes it in the transaction that it writes."""
        return log.record(connection, self.source, self.actor)

    def first_open_day(self) -> str:
        """The day after the last closed one; empty while nothing is closed."""
        sql = "SELECT closed_through FROM period_event ORDER BY id DESC LIMIT 1"
        rows = self.ledger.rows(sql)
        closed = rows[0][0] if rows else ""
        return str(dt.date.fromisoformat(closed) + dt.timedelta(days=1)) if closed else ""

    def counterpart(self, owner: str, begun: Iterable[str]) -> pl.Expr:
        """The G/L account against which a row posts, by the column that says whose it is.

        Each side of the entries and each bank account opens its books once, with what it loads
        first; those that have ``begun`` go on in books elsewhere.
        """
        accounts = self.settings.accounts
        going_on = pl.col(owner).is_in(sorted(begun))
        return (
            pl.when(going_on)
            .then(pl.lit(accounts["external"]))
            .otherwise(pl.lit(accounts["opening"]))
        )


@dataclass(slots=True)
class LoadJournal:
    """Journal entries of a load, one balanced entry at a time."""

    entries: list[tuple[Any, ...]] = field(default_factory=list)
    postings: list[tuple[Any, ...]] = field(default_factory=list)
    applications: list[dict[str, Any]] = field(default_factory=list)
    values: list[dict[str, Any]] = field(default_factory=list)
    valuations: list[dict[str, Any]] = field(default_factory=list)

    def add(
        self, identity: str, day: str, kind: str, currency: str, legs: Legs,
        rate: tuple[str, str] = ("", ""),
    ) -> str:  # fmt: skip
        """One balanced journal entry; returns its key. ``rate`` with its date gave its values."""
        key = hashlib.sha256(f"load|{identity}".encode()).hexdigest()
        self.entries.append((key, dt.date.fromisoformat(day), kind, None, "", ""))
        for seq, (gl, amount, bank, value) in enumerate(legs, 1):
            self.postings.append((key, seq, gl, currency, amount, "", "", bank, value))
        if legs[0][3] is not None:
            self.valuations.append({"key": key, "rate": rate[0], "rate_date": rate[1]})
        return key

    def write(
        self,
        books: Books,
        kind: str,
        guard: Callable[[Connection], None],
        loaded: dict[str, pl.DataFrame] | None = None,
        banks: dict[str, str] | None = None,
        latest: str = "",
    ) -> Receipt:
        """Call ``guard`` and write the register in one transaction; counts, and what was decided.

        ``guard`` writes what belongs to the load beside its postings. ``banks`` and ``latest``:
        what the load brings for the decisions of ``ledger.company``.
        """
        ledger, settings = books.ledger, books.settings
        currency, why = company.decided(ledger, settings, banks)
        day = company.cutover(ledger, settings, latest)

        def begin(connection: Connection) -> None:
            books.unchanged(connection)
            books.logged(connection)
            guard(connection)
            if self.entries:
                company.remember(connection, currency, day)

        applications = pl.DataFrame(self.applications, schema_overrides=frames.APPLICATIONS)
        done = writes.write_register(
            ledger,
            pl.DataFrame(self.entries, schema=frames.JOURNAL_ENTRIES, orient="row"),
            pl.DataFrame(self.postings, schema=frames.POSTINGS, orient="row"),
            frames.empty(frames.NEW_ENTRIES),
            frames.conform(applications, frames.APPLICATIONS),
            kind=kind,
            actor=books.actor,
            policy_hash=settings.policy_hash,
            books=loaded,
            guard=begin,
            values=Values(
                applications=frames.conform(pl.DataFrame(self.values), values.APPLICATIONS),
                valuations=frames.conform(pl.DataFrame(self.valuations), values.VALUATIONS),
            ),
        )
        if not self.entries:
            return {}
        return {**done, **({"company_currency": f"{currency}, {why}"} if why else {})}


def grouped(journal: LoadJournal, table: pl.DataFrame, amount: str) -> pl.DataFrame:
    """``table`` with the ``key`` of the journal entry of its day, accounts and currency.

    ``table`` has ``day, control, counterpart`` (the other G/L account), ``currency, owner`` (bank
    account or empty), ``identity`` and ``start_company, rate, rate_date`` (null and empty where it
    has no value, which are apart); it comes back in the order of ``identity``, which is that of
    the index into which it goes.
    """
    table = table.sort("identity").with_columns(
        pl.col("start_company").is_not_null().alias("valued")
    )
    by = ["day", "control", "counterpart", "owner", "currency", "valued"]
    value, worth = pl.col(amount), pl.col("start_company")
    rates = [
        pl.when(pl.col(name).n_unique() == 1).then(pl.col(name).first()).otherwise(pl.lit(""))
        for name in ("rate", "rate_date")
    ]
    groups = (
        table.select(*by, "identity", amount, "start_company", "rate", "rate_date")
        .group_by(by, maintain_order=True)
        .agg(
            pl.col("identity").str.join("\n"),
            value.filter(value > 0).sum().alias("up"),
            value.filter(value < 0).sum().alias("down"),
            worth.filter(value > 0).sum().alias("up_worth"),
            worth.filter(value < 0).sum().alias("down_worth"),
            *rates,
        )
    )
    keys = []
    for row in groups.iter_rows(named=True):
        legs = _legs(row)
        content = hashlib.sha256(row["identity"].encode()).hexdigest()
        identity = f"opening|{row['control']}|{content}"
        rate = (row["rate"], row["rate_date"])
        keys.append(journal.add(identity, row["day"], "opening", row["currency"], legs, rate))
    named = groups.select(by).with_columns(pl.Series("key", keys, dtype=pl.String))
    return table.join(named, on=by, how="left", maintain_order="left").drop(
        "valued", "counterpart", "rate", "rate_date"
    )


def _legs(row: dict[str, Any]) -> Legs:
    sums = [
        (row[side], row[f"{side}_worth"] if row["valued"] else None)
        for side in ("up", "down")
        if row[side]
    ]
    legs: Legs = [(row["control"], amount, row["owner"], worth) for amount, worth in sums]
    return legs + [
        (row["counterpart"], -amount, "", None if worth is None else -worth)
        for amount, worth in sums
    ]
