"""What the ledger holds of values in the company's currency: rates, and what is carried at what."""

from collections.abc import Collection

import polars as pl

from pipeline.domain import values
from pipeline.ledger.connection import Ledger
from pipeline.ledger.reading import listed

_OF = "application_value t JOIN application a ON a.journal_entry_no = t.application_no AND a.seq ="
_OF += " t.seq"
_START = {"entry": "initial_amount", "bank_entry": "amount"}


def rates(ledger: Ledger, currencies: Collection[str]) -> pl.DataFrame:
    """The rates of these currencies (``values.RATES``)."""
    names = ", ".join(f"'{code}'" for code in sorted(set(currencies)) if code.isalpha())
    sql = f"SELECT currency, date, rate FROM rate WHERE currency IN ({names or 'NULL'})"
    return ledger.frame(f"{sql} ORDER BY currency, date", values.RATES)


def carried(ledger: Ledger, targets: pl.DataFrame) -> pl.DataFrame:
    """What these ``target, target_id`` are carried at, those that have a value (``CARRIED``)."""
    parts = []
    for table, start in _START.items():
        sums = (
            f"SELECT a.{table}_id AS id, CAST(sum(a.entry_amount) AS BIGINT) AS amount,"
            f" CAST(sum(t.entry_company) AS BIGINT) AS company FROM {_OF} WHERE a.{table}_id"
            f" {_ids(targets, table)} GROUP BY a.{table}_id"
        )
        sql = (
            f"SELECT '{table}' AS target, e.id, e.{start} AS start_amount, v.amount_company,"
            f" coalesce(k.amount, 0) AS used, coalesce(k.company, 0) AS gone FROM {table} e JOIN"
            f" entry_value v ON v.{table}_id = e.id LEFT JOIN ({sums}) k ON k.id = e.id WHERE e.id"
            f" {_ids(targets, table)} ORDER BY e.id"
        )
        parts.append(ledger.frame(sql, values.CARRIED))
    return pl.concat(parts)


def applied(ledger: Ledger, targets: pl.DataFrame, undoing: Collection[int] = ()) -> pl.DataFrame:
    """The values of applications of these targets that nothing undid (``values.APPLIED``).

    Or nothing but the journal entries ``undoing``, which are looked at themselves.
    """
    parts, these = [], listed(undoing)
    columns = ", ".join(f"t.{name}" for name in values.PARTS)
    for table in _START:
        sql = (
            f"SELECT '{table}' AS target, a.{table}_id, row_number() OVER (ORDER BY"
            " a.journal_entry_no, a.seq) AS place, a.entry_amount, a.discount_amount,"
            f" a.difference_amount, {columns} FROM {_OF} WHERE a.{table}_id"
            f" {_ids(targets, table)} AND a.role <> 'counter' AND a.unapplies_no IS NULL AND NOT"
            " EXISTS (SELECT 1 FROM application u WHERE u.unapplies_no = a.journal_entry_no AND"
            f" u.unapplies_seq = a.seq AND coalesce(u.journal_entry_no IN ({these}), FALSE) ="
            " FALSE)"
        )
        parts.append(ledger.frame(sql, values.APPLIED))
    return pl.concat(parts)


def parked(ledger: Ledger, lines: Collection[int]) -> pl.DataFrame:
    """``line_id, rate, rate_date`` of the parking under which these lines stand on clearing."""
    wanted = listed(lines)
    sql = (
        "SELECT j.line_id, v.rate, v.rate_date FROM journal_entry j JOIN valuation v ON v.values_no"
        f" = j.no WHERE j.kind = 'parking' AND v.rate <> '' AND j.line_id IN ({wanted}) AND NOT"
        " EXISTS (SELECT 1"
        " FROM journal_entry r WHERE r.reverses_no = j.no) ORDER BY j.line_id"
    )
    return ledger.frame(sql, {"line_id": pl.Int64, "rate": pl.String, "rate_date": pl.Date})


def _ids(targets: pl.DataFrame, table: str) -> str:
    own = targets.filter(pl.col("target") == table)["target_id"].unique()
    return f"IN ({listed(own)})"


def of_journals(ledger: Ledger, numbers: Collection[int]) -> values.Values:
    """The values that these journal entries post, by their keys."""
    wanted = listed(numbers)
    of_key = "CASE WHEN o.no = j.no THEN '' ELSE o.key END"
    parts = ", ".join(f"t.{name}" for name in values.PARTS)
    applications = (
        f"SELECT j.key, {of_key} AS of_key, t.seq, {parts} FROM application_value t JOIN"
        " journal_entry j ON j.no = t.journal_entry_no JOIN journal_entry o ON o.no ="
        f" t.application_no WHERE j.no IN ({wanted}) ORDER BY t.application_no, t.seq"
    )
    rated = (
        f"SELECT j.key, {of_key} AS of_key, v.rate, v.rate_date FROM valuation v JOIN journal_entry"
        " j ON j.no = v.journal_entry_no JOIN journal_entry o ON o.no = v.values_no WHERE j.no IN"
        f" ({wanted}) ORDER BY v.values_no"
    )
    return values.Values(
        applications=ledger.frame(applications, values.APPLICATIONS),
        valuations=ledger.frame(rated, values.VALUATIONS),
    )


def valuations_of(ledger: Ledger, numbers: Collection[int]) -> dict[int, int]:
    """Later valuations of these journal entries, by their number: which one each values."""
    wanted = listed(numbers)
    sql = (
        "SELECT journal_entry_no, values_no FROM valuation WHERE values_no <> journal_entry_no AND"
        f" values_no IN ({wanted}) ORDER BY journal_entry_no"
    )
    return dict(ledger.rows(sql))
