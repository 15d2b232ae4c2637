"""A later load against what the ledger has: equal, behind, settled outside, or in conflict.

Source: accounting rules, section 7. ``remaining`` at the source is compared with ours and with
what ours was before applications that the source has not acknowledged.
"""

from dataclasses import dataclass
from typing import Any

import polars as pl
from sqlalchemy import Connection

from pipeline.config import Settings
from pipeline.domain import frames, money, values
from pipeline.ledger import bulk, conflicts
from pipeline.ledger.connection import Ledger
from pipeline.ledger.load import passed, worth
from pipeline.ledger.load.journal import Legs, LoadJournal
from pipeline.ledger.load.kinds import ENTRY_KEY

_KEY = list(ENTRY_KEY)
_DIFFERS = ["amount", "currency", "remaining", "party"]
"""Verdicts that make a conflict."""
_N, _T = pl.Int64, pl.String


@dataclass(frozen=True, slots=True)
class Said:
    """What a file says of itself."""

    whole: bool
    """What it lacks is closed at its source."""
    holds: bool
    """It states ``on_hold``."""
    day: str
    """When it was drawn; empty where nobody knows."""
    booked_through: int
    """The last register of ours that its source has for certain, 0 where nobody says."""


@dataclass(slots=True)
class Compared:
    """What a load says about entries that the ledger knows."""

    settled: pl.DataFrame
    """Settled outside: ``id``, key, ``currency, less`` (signed), ``control_account``,
    ``posting_date, remaining``."""
    behind: int
    behind_since: str
    """The day of the first posting that the source lacks of them; empty where there are none."""
    holds: list[tuple[str, int]]
    """New ``on_hold`` by entry id: conflicts that arose or ended, and what the source holds."""
    acknowledged: pl.DataFrame
    """``entry_id, journal_entry_no``: through which application the source agrees."""
    conflicts: list[tuple[int, str, str]]
    """Entry id, ``arose`` or ``agreed``, what the source says: what is new for ``conflicts``."""
    problems: list[str]


def ours(ledger: Ledger) -> pl.DataFrame:
    """The entries that a source may name; payment entries of bank lines are ours alone."""
    sql = (
        "SELECT id, party_type, party_no, document_type, document_no, instalment, currency,"
        " amount, initial_amount, remaining_amount, control_account, posting_date, on_hold"
        f" FROM entry WHERE substr(document_no, 1, 5) <> '{frames.LINE_DOCUMENT}' ORDER BY id"
    )
    schema: dict[str, Any] = {"id": _N, **dict.fromkeys(_KEY, _T), "instalment": _N,
                              "currency": _T, "amount": _N, "initial": _N, "remaining": _N,
                              "control_account": _T, "posting_date": _T, "on_hold": _T}  # fmt: skip
    return ledger.frame(sql, schema)


def known(table: pl.DataFrame, ours: pl.DataFrame) -> pl.DataFrame:
    """``row, id``: for each row of the file the entry of ours that it names, or null."""
    rows = table.select("row", *_KEY)
    return rows.join(ours.select("id", *_KEY), on=_KEY, how="left").select("row", "id")


def other_party(
    table: pl.DataFrame, ours: pl.DataFrame, pairs: pl.DataFrame, *, whole: bool
) -> pl.DataFrame:
    """``row, id``: rows that carry an open document of ours to another party.

    Vendors' numbers are theirs: two may use one, so that only a list of all that is open shows it.
    """
    same = ["party_type", "document_type", "document_no", "instalment", "amount", "currency"]
    gone = (
        ours.filter(pl.col("remaining") != 0).select("id", *same).join(pairs, on="id", how="anti")
    )
    fresh = pairs.filter(pl.col("id").is_null()).select("row")
    unknown = table.select("row", *same).join(fresh, on="row", how="semi")
    if not whole:
        unknown = unknown.filter(pl.col("party_type") == "customer")
    found = unknown.join(gone, on=same).select("row", "id").sort("row", "id")
    return found.unique("row", keep="first", maintain_order=True)


def compare(
    ledger: Ledger,
    table: pl.DataFrame,
    ours: pl.DataFrame,
    pairs: pl.DataFrame,
    moved: pl.DataFrame,
    said: Said,
) -> Compared:
    """Sort the known entries by what the source says about them.

    ``pairs`` and ``moved`` as ``known`` and ``other_party`` give them.
    """
    both = _both(table, ours, pairs, moved, whole=said.whole)
    past = passed.read(ledger, said.booked_through) if both.height else passed.nothing()
    both = passed.told(both, past, said.day).with_columns(_verdict().alias("verdict"))
    both, news = _known_conflicts(ledger, both, table)
    of = {name: both.filter(pl.col("verdict") == name) for name in ("settled", "behind")}
    conflict = both.filter(pl.col("verdict").is_in(_DIFFERS))
    settled = of["settled"].select(
        "id", *_KEY, "currency", (pl.col("remaining") - pl.col("source")).alias("less"),
        "control_account", "posting_date", "remaining",
    )  # fmt: skip
    return Compared(
        settled=settled.sort("id"),
        behind=of["behind"].height,
        behind_since=passed.first_unknown(ledger, of["behind"]["id"], said.booked_through),
        holds=_holds(both, holds=said.holds),
        acknowledged=_acknowledged(both, past),
        conflicts=news,
        problems=[_sentence(row) for row in conflict.sort("id").iter_rows(named=True)],
    )


def _both(
    table: pl.DataFrame,
    ours: pl.DataFrame,
    pairs: pl.DataFrame,
    moved: pl.DataFrame,
    *,
    whole: bool,
) -> pl.DataFrame:
    """Each known entry that the source speaks of, with ``source``: what remains of it there."""
    said = table.select(
        "row", pl.col("amount").alias("amount_there"),
        pl.col("currency").alias("currency_there"), pl.col("remaining_amount").alias("source"),
        pl.col("on_hold").alias("hold_there"),
    ).join(pairs.drop_nulls("id"), on="row")  # fmt: skip
    if not whole:
        spoken = pl.concat([said.select("id"), moved.select("id")])
        ours = ours.join(spoken, on="id", how="semi")
    both = ours.join(said, on="id", how="left", maintain_order="left")
    both = both.join(
        moved.rename({"row": "to_row"}), on="id", how="left", maintain_order="left"
    )  # fmt: skip
    gone = pl.col("row").is_null()
    return both.with_columns(
        pl.when(gone).then(0).otherwise("source").alias("source"),
        pl.coalesce("amount_there", "amount").alias("amount_there"),
        pl.coalesce("currency_there", "currency").alias("currency_there"),
    )


def _verdict() -> pl.Expr:
    source, remaining = pl.col("source"), pl.col("remaining")
    smaller = (source.abs() < remaining.abs()) & (source * remaining.sign() >= 0)
    return (
        pl.when(pl.col("to_row").is_not_null()).then(pl.lit("party"))
        .when(pl.col("amount_there") != pl.col("amount")).then(pl.lit("amount"))
        .when(pl.col("currency_there") != pl.col("currency")).then(pl.lit("currency"))
        .when(source.is_null() | (source == remaining)).then(pl.lit("equal"))
        .when(pl.col("behind") & ~(pl.col("late") & smaller)).then(pl.lit("behind"))
        .when(smaller & ~pl.col("opened")).then(pl.lit("settled"))
        .otherwise(pl.lit("remaining"))
    )  # fmt: skip


def _known_conflicts(
    ledger: Ledger, both: pl.DataFrame, table: pl.DataFrame
) -> tuple[pl.DataFrame, list[tuple[int, str, str]]]:
    """``both`` without the conflicts that a person ended, and what is new for the log of them."""
    differs = pl.col("verdict").is_in(_DIFFERS)
    before = conflicts.last(ledger)
    looked = both.filter(differs | pl.col("id").is_in(list(before)))
    parties = dict(table.select("row", "party_no").rows()) if looked.height else {}
    ended, news = [], []
    for row in looked.iter_rows(named=True):
        action, said = before.get(row["id"], ("", ""))
        now = _said(row, parties) if row["verdict"] in _DIFFERS else ""
        if now and (action, said) == ("ended", now):
            ended.append(row["id"])
        elif now and (action, said) != ("arose", now):
            news.append((row["id"], "arose", now))
        elif not now and action in ("arose", "ended"):
            news.append((row["id"], "agreed", said))
    calm = pl.when(pl.col("id").is_in(ended)).then(pl.lit("ended")).otherwise("verdict")
    return both.with_columns(calm.alias("verdict")), news


def _said(row: dict[str, Any], parties: dict[int, str]) -> str:
    """What the source says of an entry, as people read it."""
    code = row["currency_there"]
    if row["to_row"] is not None:
        return f"of party {parties[row['to_row']]}"
    amount, rest = (money.text(row[name] or 0, code) for name in ("amount_there", "source"))
    return f"{amount} {code}, {rest} open"


def _holds(both: pl.DataFrame, *, holds: bool) -> list[tuple[str, int]]:
    """What the source holds stays behind a conflict, which goes when both agree again."""
    bare = pl.col("on_hold").str.replace(f"^{conflicts.HOLD}(; )?", "")
    own = pl.coalesce("hold_there", bare) if holds else bare
    alone, both_of = pl.lit(conflicts.HOLD), pl.lit(f"{conflicts.HOLD}; ") + own
    marked = pl.when(own == "").then(alone).otherwise(both_of)
    calm = ~pl.col("verdict").is_in(_DIFFERS)
    wanted = both.with_columns(pl.when(calm).then(own).otherwise(marked).alias("wanted"))
    changed = wanted.filter(pl.col("wanted") != pl.col("on_hold"))
    return changed.sort("id").select("wanted", "id").rows()


def _acknowledged(both: pl.DataFrame, past: pl.DataFrame) -> pl.DataFrame:
    """What the source agrees to: all of ours where it is equal, else what it has for certain."""
    agreed = (pl.col("verdict") == "equal") & pl.col("source").is_not_null() & ~pl.col("blind")
    stated = both.select("id", agreed.alias("agreed"))
    last = past.join(stated, on="id").filter(pl.col("agreed") | (pl.col("no") <= pl.col("floor")))
    last = last.group_by("id").agg(pl.col("no", "stored").max()).sort("id")
    new = last.filter(pl.col("no") > pl.col("stored"))
    return new.select(pl.col("id").alias("entry_id"), pl.col("no").alias("journal_entry_no"))


def _sentence(row: dict[str, Any]) -> str:
    what, code = row["verdict"], row["currency"]
    there = {
        "party": "another party",
        "amount": money.text(row["amount_there"], code),
        "currency": row["currency_there"],
        "remaining": money.text(row["source"] or 0, code),
    }[what]
    here = {
        "party": f"party {row['party_no']}",
        "amount": money.text(row["amount"], code),
        "currency": code,
        "remaining": f"{money.text(row['remaining'], code)}"
        f"{', opened again since it last agreed' if row['opened'] else ' or less'}",
    }[what]
    number = row["row"] if row["to_row"] is None else row["to_row"]
    place = f"row {number}: {row['document_type']} {row['document_no']}"
    return f"{place}: {conflicts.HOLD}: {what}: found {there!r}, expected {here!r}"


def settle(journal: LoadJournal, found: pl.DataFrame, settings: Settings, day: str,
           ledger: Ledger) -> None:  # fmt: skip
    """Book what the source settled without us, against ``accounts.external``, on ``day``."""
    sql = "SELECT entry_id, count(*) FROM application WHERE role = 'external' GROUP BY entry_id"
    times = dict(ledger.rows(sql)) if found.height else {}
    worths = worth.settled(ledger, found) if found.height else {}
    for row in found.iter_rows(named=True):
        value = worths.get(row["id"])
        less = None if value is None else -value
        legs: Legs = [
            (settings.accounts["external"], row["less"], "", value),
            (row["control_account"], -row["less"], "", less),
        ]
        named = "|".join(str(row[name]) for name in _KEY)
        identity = f"external|{named}|{times.get(row['id'], 0)}"
        date = max(row["posting_date"], day)
        key = journal.add(identity, date, "external", row["currency"], legs)
        journal.applications.append(
            {
                "key": key,
                "seq": 1,
                "role": "external",
                "line_id": None,
                "target": "entry",
                "target_id": row["id"],
                "party_type": row["party_type"],
                "party_no": row["party_no"],
                "entry_amount": row["less"],
                "rule": "external",
            }
        )
        if value is not None:
            zero = dict.fromkeys(list(values.PARTS)[1:], 0)
            journal.values.append({"key": key, "seq": 1, "entry_company": value, **zero})


def store(connection: Connection, found: Compared, actor: str) -> None:
    """Keep conflicts, holds and acknowledgements; the postings are the register's."""
    mark = bulk.placeholder(connection)
    if found.holds:
        sql = f"UPDATE entry SET on_hold = {mark} WHERE id = {mark}"
        connection.exec_driver_sql(sql, found.holds)
    conflicts.record(connection, found.conflicts, actor)
    bulk.upsert_frame(connection, "acknowledgement", ("entry_id",), found.acknowledged)
