"""States that an entry of ours has passed since its source last agreed to one of them.

The source shows one of these while it is behind. Where what a payment settled was opened again
since, one amount there can mean two things: that it knows both, neither, or the payment alone, and
something settled outside may look like each of them. Nothing is settled by such an amount.
"""

import datetime as dt
from collections.abc import Iterable

import polars as pl

from pipeline.ledger.connection import Ledger
from pipeline.ledger.reading import listed

_N = pl.Int64
_SCHEMA = {**dict.fromkeys(("id", "no", "seq", "less", "outside", "stored", "floor"), _N),
           "opened_on": pl.String}  # fmt: skip
_LAG_DAYS = 7
"""By how many days a source may be behind with what was opened again before it is asked about."""


def read(ledger: Ledger, booked_through: int) -> pl.DataFrame:
    """Applications of all entries in their order, as ``id, no, seq, less`` and what tells of them.

    ``outside``: settled at the source. ``stored``: the journal entry through which it agreed, kept
    from before. ``floor``: the last one of register ``booked_through``. ``opened_on``: the day, of
    a row that opens its entry again; else null.
    """
    opens = "(a.entry_amount > 0) <> (e.initial_amount > 0)"
    sql = (
        "SELECT a.entry_id, a.journal_entry_no, a.seq, a.entry_amount, CASE WHEN a.role ="
        " 'external' AND a.unapplies_no IS NULL THEN a.journal_entry_no ELSE 0 END,"
        " coalesce(k.journal_entry_no, 0), (SELECT coalesce(max(no), 0) FROM journal_entry WHERE"
        f" register_no <= {booked_through}), CASE WHEN {opens} THEN (SELECT posting_date FROM"
        " journal_entry j WHERE j.no = a.journal_entry_no) END FROM application a JOIN entry e ON"
        " e.id = a.entry_id LEFT JOIN acknowledgement k ON k.entry_id = a.entry_id"
        " ORDER BY a.entry_id, a.journal_entry_no, a.seq"
    )
    return ledger.frame(sql, _SCHEMA)


def first_unknown(ledger: Ledger, ids: Iterable[int], booked_through: int) -> str:
    """The day of the first application of these entries that their source has not booked.

    ISO; empty where there is none. ``booked_through`` as in ``read``.
    """
    sql = (
        "SELECT min(j.posting_date) AS day FROM application a JOIN journal_entry j ON j.no ="
        " a.journal_entry_no LEFT JOIN acknowledgement k ON k.entry_id = a.entry_id WHERE a.role <>"
        f" 'external' AND j.register_no > {booked_through} AND j.no >"
        f" coalesce(k.journal_entry_no, 0) AND a.entry_id IN ({listed(ids)})"
    )
    return str(ledger.rows(sql)[0][0] or "")


def nothing() -> pl.DataFrame:
    """The same without a row."""
    return pl.DataFrame(schema=_SCHEMA)


def told(both: pl.DataFrame, past: pl.DataFrame, day: str) -> pl.DataFrame:
    """``both`` with what its entries passed since the source agreed, when drawn on ``day``.

    ``behind``: the source shows such a state. ``opened``: one of them opened the entry again.
    ``late``: that was a week before. ``blind``: an equal amount may be older than all of it.
    """
    first = str(dt.date.fromisoformat(day) - dt.timedelta(days=_LAG_DAYS)) if day else ""
    since = pl.max_horizontal(pl.max("stored"), pl.max("floor"), pl.max("outside")).over("id")
    own = past.with_columns(since.alias("since"))
    pending = own.filter(pl.col("no") > pl.col("since"))
    opens = pl.col("opened_on").is_not_null()
    marks = pending.group_by("id").agg(
        opens.any().alias("opened"),
        (opens.any() & (pl.col("opened_on").max() < first)).alias("late"),
        (opens.any() & ~opens.first() & (pl.col("opened_on").max() >= first)).alias("blind"),
    )
    found = both.join(marks, on="id", how="left", maintain_order="left").with_columns(
        pl.col("opened", "late", "blind").fill_null(value=False)
    )
    return found.with_columns(pl.col("id").is_in(_behind(both, own).implode()).alias("behind"))


def _behind(both: pl.DataFrame, own: pl.DataFrame) -> pl.Series:
    """Ids of entries that the source shows as they were after an application it last agreed to."""
    odd = both.filter(pl.col("source") != pl.col("remaining")).select("id", "source", "initial")
    names = ["id", "source", "initial", "no", "seq", "less", "since"]
    zero = pl.lit(0, dtype=_N)
    start = odd.with_columns(zero.alias(name) for name in names[3:])
    states = pl.concat([start.select(names), own.join(odd, on="id").select(names)])
    states = states.sort("id", "no", "seq").with_columns(pl.col("since").max().over("id"))
    last = pl.col("no").filter(pl.col("no") <= pl.col("since")).max().over("id")
    was = pl.col("initial") - pl.col("less").cum_sum().over("id")
    found = states.with_columns(was.alias("was"))
    found = found.filter((pl.col("no") >= last) & (pl.col("was") == pl.col("source")))
    return found["id"].unique()
