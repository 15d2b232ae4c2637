"""What is posted in other currencies and has no value yet, as a valuation needs it."""

from collections.abc import Collection
from typing import Any

import polars as pl

from pipeline.config import Settings
from pipeline.domain import values
from pipeline.domain.frames import conform
from pipeline.ledger import company
from pipeline.ledger.connection import Ledger
from pipeline.ledger.load import worth
from pipeline.ledger.reading import listed

_KNOWN = "valued_through"
_T, _N = pl.String, pl.Int64


def numbers(ledger: Ledger, own: str) -> list[int]:
    """Journal entries with postings in another currency than ``own`` that may have a value now.

    Those of loads, whose source may state it, and those in currencies of which there are rates.
    """
    known = "(j.kind = 'opening' OR p.currency IN (SELECT currency FROM rate))"
    sql = f"SELECT DISTINCT j.no AS no {_bare(ledger, own)} AND {known} ORDER BY 1"
    return [int(row[0]) for row in ledger.rows(sql)]


def remember(ledger: Ledger, own: str, head: int) -> None:
    """Through which journal entry nothing is left, so that no night looks there again.

    ``head``: the last one when the look began; what was posted since is looked at the next time.
    """
    first = ledger.rows(f"SELECT min(j.no) AS no {_bare(ledger, own)}")[0][0]
    done = head if first is None else min(head, int(first) - 1)
    if done == _through(ledger):
        return
    with ledger.transaction() as connection:
        company.store(connection, {_KNOWN: str(done)})


def head(ledger: Ledger) -> int:
    """The number of the last journal entry."""
    return int(ledger.rows("SELECT value FROM counter WHERE name = 'journal_entry'")[0][0])


def _bare(ledger: Ledger, own: str) -> str:
    """Postings without a value. A reversal and what it reverses stay out while neither has one."""
    return (
        f"FROM posting p JOIN journal_entry j ON j.no = p.journal_entry_no WHERE"
        f" p.journal_entry_no > {_through(ledger)} AND p.currency <> '{own}' AND p.amount_company"
        " IS NULL AND NOT EXISTS (SELECT 1 FROM valuation v WHERE v.values_no = j.no) AND"
        " j.reverses_no IS NULL AND NOT EXISTS (SELECT 1 FROM journal_entry r WHERE r.reverses_no ="
        " j.no)"
    )


def _through(ledger: Ledger) -> int:
    rows = ledger.rows(f"SELECT value FROM meta WHERE key = '{_KNOWN}'")
    return int(rows[0][0]) if rows else 0


def places(ledger: Ledger, wanted: Collection[int]) -> pl.DataFrame:
    """Where the lines of these journal entries stand, as ``posting.of_lines`` takes them."""
    schema: dict[str, Any] = {
        "key": _T, "line_id": _N, "currency": _T, "posting_date": pl.Date, "amount": _N,
        "charges": _N, "original_amount": _N, "original_currency": _T, "gl_account": _T,
        "transit_account": _T, "bank_account_no": _T, "clearing_account": _T, "rule": _T,
    }  # fmt: skip
    clearing = (
        "CASE WHEN j.kind = 'release' THEN (SELECT min(a.gl_account) FROM application a WHERE"
        " a.journal_entry_no = j.no AND a.rule = 'parking') END"
    )
    sql = (
        "SELECT j.key, j.line_id, s.currency, j.posting_date, l.amount, l.charges,"
        " l.original_amount, l.original_currency, b.gl_account,"
        f" b.transit_account, b.bank_account_no, {clearing} AS clearing, '' AS rule FROM"
        " journal_entry j JOIN statement_line l ON l.line_id = j.line_id JOIN statement s ON s.id ="
        " l.statement_id JOIN bank_account b ON b.bank_account_no = s.bank_account_no WHERE j.no"
        f" IN ({listed(wanted)}) ORDER BY j.no"
    )
    return ledger.frame(sql, schema)


def controls(ledger: Ledger, entries: Collection[int]) -> pl.DataFrame:
    """``target, target_id, control_account, entry_currency`` of entries."""
    sql = "SELECT 'entry' AS target, id, control_account, currency FROM entry WHERE id IN"
    schema = {"target": _T, "target_id": _N, "control_account": _T, "entry_currency": _T}
    return ledger.frame(f"{sql} ({listed(entries)}) ORDER BY id", schema)


def created(ledger: Ledger, wanted: Collection[int]) -> pl.DataFrame:
    """The payment entries of these journal entries of lines."""
    schema = {"key": _T, "entry_id": _N, "party_type": _T, "party_no": _T, "control_account": _T}
    sql = (
        "SELECT j.key, e.id, e.party_type, e.party_no, e.control_account FROM entry e JOIN"
        f" journal_entry j ON j.no = e.journal_entry_no WHERE j.no IN ({listed(wanted)}) AND"
        " j.line_id IS NOT NULL ORDER BY e.id"
    )
    return ledger.frame(sql, schema)


def loaded(
    ledger: Ledger, settings: Settings, wanted: Collection[int]
) -> tuple[pl.DataFrame, values.Values]:
    """The legs and values of journal entries that a load or an opening posted, by their keys.

    By the entries that they brought, each as its source states it or at the rate of its own day;
    where they brought none, at the rate of the posting.
    """
    legs = _legs(ledger, wanted)
    brought = _brought(ledger, settings, wanted)
    opened = dates(ledger, wanted).filter(pl.col("kind") == "opening")
    bare = legs.join(brought, on="key", how="anti", maintain_order="left")
    bare = bare.join(opened, on="key", how="semi", maintain_order="left")
    own = company.decided(ledger, settings)[0]
    balances = worth.at_the_rate(ledger, settings, bare, own).rename(
        {"start_company": "amount_company"}
    )
    whole = brought.group_by("key").agg(pl.col("start_company").has_nulls().alias("lost"))
    sums = brought.join(whole.filter(~pl.col("lost")), on="key", how="semi").group_by(
        "key", "control_account", pl.col("amount").sign().alias("side")
    ).agg(pl.col("start_company").sum())  # fmt: skip
    posted = pl.concat([
        _sided(legs, sums),
        balances.filter(pl.col("amount_company").is_not_null()).select(*legs.columns,
                                                                       "amount_company"),
    ])  # fmt: skip
    rated = pl.concat([
        balances.filter(pl.col("rate").is_not_null()).select("key", "rate", "rate_date"),
        sums.select("key", pl.lit(None, dtype=_T).alias("rate"),
                    pl.lit(None, dtype=pl.Date).alias("rate_date")),
    ]).unique("key").sort("key")  # fmt: skip
    starts = brought.join(sums, on="key", how="semi").select(
        "key",
        pl.when(pl.col("target") == "entry").then("id").alias("entry_id"),
        pl.when(pl.col("target") == "bank_entry").then("id").alias("bank_entry_id"),
        pl.col("start_company").alias("amount_company"),
    )
    return posted, values.Values(
        entries=starts,
        valuations=rated.select(
            "key", pl.lit("").alias("of_key"), pl.col("rate").fill_null(""),
            pl.col("rate_date").cast(_T).fill_null(""),
        ),
    )  # fmt: skip


def settled_outside(ledger: Ledger, wanted: Collection[int]) -> tuple[pl.DataFrame, values.Values]:
    """The legs and values of what the source settled by itself: at what its entry is carried."""
    names = ("seq", "id", "less")
    sql = (
        "SELECT j.key, e.control_account, a.seq, e.id, a.entry_amount FROM application a JOIN"
        " journal_entry j ON j.no = a.journal_entry_no JOIN entry e ON e.id = a.entry_id WHERE"
        f" a.role = 'external' AND j.no IN ({listed(wanted)}) ORDER BY j.no, a.seq"
    )
    schema = {"key": _T, "control_account": _T, **dict.fromkeys(names, _N)}
    first = ledger.frame(sql, schema).unique("id", keep="first", maintain_order=True)
    worths = worth.settled(ledger, first)
    known = first.filter(pl.col("id").is_in(list(worths))).with_columns(
        pl.col("id").replace_strict(worths, return_dtype=_N).alias("entry_company")
    )
    sums = known.select(
        "key", "control_account", (-pl.col("less")).sign().alias("side"),
        (-pl.col("entry_company")).alias("start_company"),
    )  # fmt: skip
    return _sided(_legs(ledger, wanted), sums), values.Values(
        applications=conform(
            known.with_columns(pl.lit(0, dtype=_N).alias(n) for n in list(values.PARTS)[1:]),
            values.APPLICATIONS,
        ),
        valuations=conform(known, values.VALUATIONS),
    )


def _legs(ledger: Ledger, wanted: Collection[int]) -> pl.DataFrame:
    schema: dict[str, Any] = {
        "key": _T, "seq": _N, "gl_account": _T, "currency": _T, "day": _T, "amount": _N,
        "bank_account_no": _T,
    }  # fmt: skip
    sql = (
        "SELECT j.key, p.seq, p.gl_account, p.currency, j.posting_date, p.amount,"
        " p.bank_account_no FROM posting p JOIN journal_entry j ON j.no = p.journal_entry_no WHERE"
        f" j.kind IN ('opening', 'external') AND j.no IN ({listed(wanted)}) ORDER BY j.no, p.seq"
    )
    return ledger.frame(sql, schema)


def _brought(ledger: Ledger, settings: Settings, wanted: Collection[int]) -> pl.DataFrame:
    """The entries and bank entries of loads, each with what it is carried at."""
    names = ("key", "target", "control_account", "currency", "posting_date")
    numbers_of = ("id", "amount", "remaining_amount", "amount_company", "remaining_company")
    sql = (
        "SELECT j.key, 'entry' AS target, e.control_account, e.currency, e.posting_date, e.id,"
        " e.amount, e.initial_amount, e.amount_company, e.remaining_company FROM entry e JOIN"
        f" journal_entry j ON j.no = e.journal_entry_no WHERE j.no IN ({listed(wanted)}) AND"
        " j.line_id IS NULL UNION ALL SELECT j.key, 'bank_entry', k.transit_account, b.currency,"
        " b.posting_date, b.id, b.amount, b.amount, NULL, NULL FROM bank_entry b JOIN bank_account"
        " k ON k.bank_account_no = b.bank_account_no JOIN journal_entry j ON j.no ="
        f" b.journal_entry_no WHERE j.no IN ({listed(wanted)}) ORDER BY 1, 2, 6"
    )
    found = ledger.frame(sql, {**dict.fromkeys(names, _T), **dict.fromkeys(numbers_of, _N)})
    return worth.of_entries(ledger, settings, found).with_columns(
        pl.col("remaining_amount").alias("amount")
    )


def _sided(legs: pl.DataFrame, sums: pl.DataFrame) -> pl.DataFrame:
    """The legs on a control account by its side, their counterparts by the other."""
    own = legs.with_columns(pl.col("amount").sign().alias("side"))
    control = own.join(sums, left_on=["key", "gl_account", "side"],
                       right_on=["key", "control_account", "side"])  # fmt: skip
    other = own.join(control, on=["key", "seq"], how="anti").join(
        sums.with_columns(-pl.col("side"), -pl.col("start_company")), on=["key", "side"]
    )
    return pl.concat([
        part.select(*legs.columns, pl.col("start_company").alias("amount_company"))
        for part in (control, other)
    ])  # fmt: skip


def dates(ledger: Ledger, wanted: Collection[int]) -> pl.DataFrame:
    """``key, posting_date, kind, line_id, no`` of journal entries, in order."""
    sql = "SELECT key, posting_date, kind, line_id, no FROM journal_entry WHERE no IN"
    schema = {"key": _T, "posting_date": pl.Date, "kind": _T, "line_id": _N, "no": _N}
    return ledger.frame(f"{sql} ({listed(wanted)}) ORDER BY no", schema)
