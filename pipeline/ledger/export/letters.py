"""Lettering: which entries of a party settle each other (accounting, section 7).

Letters follow from the journal, which is only ever added to, so that no later posting and no
undone application changes the letter of another group.
"""

import polars as pl

from pipeline.ledger.applied import REDONE
from pipeline.ledger.connection import Ledger
from pipeline.ledger.reading import Snapshot

_LETTER = {"_entry_id": pl.Int64, "letter": pl.String, "letter_date": pl.String}


def letters(ledger: Ledger | Snapshot, *, parties_of: str = "") -> pl.DataFrame:
    """``_entry_id, letter, letter_date`` of each entry in a closed group of a party.

    ``parties_of``, a query that gives ids of entries, leaves all other parties out.

    A group is what applications tie together, and a payment with its return; it is closed when
    nothing of it remains. AA, AB ... in the order of the journal entries that closed groups of the
    party; lower case where a part was settled outside of these books, so that the group does not
    sum to zero here. The date is the last posting date among the group's applications.
    """
    rows = _applications(ledger, parties_of)
    if rows.is_empty():
        return pl.DataFrame(schema=_LETTER)
    live = rows.filter(pl.col("live") == 1)
    groups = _groups(pl.concat([live, _returned(rows, live)]))
    closed = _closed(groups)
    return closed.join(_numbers(rows), on=["party", "no"], how="left").select(
        "_entry_id",
        pl.when(pl.col("sum") == 0)
        .then(_text(pl.col("number")))
        .otherwise(_text(pl.col("number")).str.to_lowercase())
        .alias("letter"),
        pl.col("date").alias("letter_date"),
    )


def _applications(ledger: Ledger | Snapshot, parties_of: str) -> pl.DataFrame:
    """Every application of an entry, with ``no`` the place of its journal entry in the order."""
    own = "" if not parties_of else (
        " AND (e.party_type, e.party_no) IN (SELECT party_type, party_no FROM entry WHERE id IN"
        f" ({parties_of}))"
    )  # fmt: skip
    settles = f"(j.reverses_no IS NULL OR {REDONE})"
    sql = (
        "SELECT a.entry_id, e.party_type || '|' || e.party_no, a.journal_entry_no,"
        " max(j.posting_date, e.posting_date), e.initial_amount, e.remaining_amount,"
        " a.entry_amount, a.discount_amount + a.difference_amount,"
        f" CASE WHEN {settles} AND r.no IS NULL AND a.unapplies_no IS NULL"
        " AND u.seq IS NULL THEN 1 ELSE 0 END,"
        f" CASE WHEN {settles} AND a.unapplies_no IS NULL THEN 0 ELSE 1 END,"
        " CASE WHEN j.reverses_no IS NULL THEN a.unapplies_no END"
        " FROM application a JOIN entry e ON e.id = a.entry_id"
        " JOIN journal_entry j ON j.no = a.journal_entry_no"
        " LEFT JOIN journal_entry o ON o.no = j.reverses_no"
        " LEFT JOIN journal_entry r ON r.reverses_no = j.no LEFT JOIN application u"
        " ON u.unapplies_no = a.journal_entry_no AND u.unapplies_seq = a.seq"
        " LEFT JOIN statement_line l ON l.line_id = j.line_id"
        " LEFT JOIN statement s ON s.id = l.statement_id WHERE a.entry_amount <> 0"
        f"{own} ORDER BY j.register_no, j.posting_date, s.statement_no, l.line_no, j.no, a.seq"
    )
    later = "max(j.posting_date, e.posting_date)"
    if not ledger.sqlite:
        sql = sql.replace(later, "greatest(j.posting_date, e.posting_date)")
    numbers = ("initial", "remaining", "entry_amount", "given", "live", "undoes", "taken_back")
    rows = ledger.frame(
        sql,
        {
            "_entry_id": pl.Int64,
            "party": pl.String,
            "journal": pl.Int64,
            "date": pl.String,
            **dict.fromkeys(numbers, pl.Int64),
        },
    )
    return rows.with_columns(pl.col("journal").rle_id().cast(pl.Int64).alias("no"))


def _returned(rows: pl.DataFrame, live: pl.DataFrame) -> pl.DataFrame:
    """The entries of a return once more, at the journal entry that it took back."""
    taken = rows.filter(pl.col("taken_back").is_not_null()).select("party", "no", "taken_back")
    places = rows.select(
        pl.col("journal").alias("taken_back"), pl.col("no").alias("first")
    ).unique()
    both = taken.unique().join(places, on="taken_back").drop("taken_back")
    again = live.join(both, on=["party", "no"]).with_columns(
        pl.col("first").alias("no"), pl.lit(0, dtype=pl.Int64).alias("given")
    )
    return again.select(live.columns)


def _groups(live: pl.DataFrame) -> pl.DataFrame:
    """Each application with the smallest entry id that it is tied to, over any number of steps."""
    found = live.with_columns(pl.col("_entry_id").alias("group"))
    while True:
        by_journal = pl.col("group").min().over("no", "party")
        step = found.with_columns(by_journal.alias("group"))
        step = step.with_columns(pl.col("group").min().over("_entry_id"))
        if step["group"].equals(found["group"]):
            return found
        found = step


def _closed(groups: pl.DataFrame) -> pl.DataFrame:
    """Entries of closed groups with the journal entry that closed theirs, its date and the sum."""
    entries = groups.group_by("group", "party", "_entry_id", "initial", "remaining").agg(
        pl.col("given").sum(), pl.col("no").max(), pl.col("date").max()
    )
    whole = entries.group_by("group", "party").agg(
        (pl.col("remaining") != 0).any().alias("open"),
        (pl.col("initial").sum() - pl.col("given").sum()).alias("sum"),
        pl.col("no").max().alias("last"),
        pl.col("date").max().alias("last_date"),
    )
    return (
        entries.drop("no", "date")
        .join(whole.filter(~pl.col("open")), on=["group", "party"])
        .rename({"last": "no", "last_date": "date"})
    )


def _numbers(rows: pl.DataFrame) -> pl.DataFrame:
    """Journal entries that left nothing of what they settled, numbered in each party from 0.

    All that ever did count, undone ones too: their letters are free, nobody else's moves.
    """
    running = rows.with_columns(
        (pl.col("initial") - pl.col("entry_amount").cum_sum().over("_entry_id")).alias("left")
    )
    last = running.group_by("party", "no", "_entry_id", maintain_order=True).agg(
        pl.col("left").last(), pl.col("undoes").last()
    )
    closing = (
        last.filter(pl.col("undoes") == 0)  # a return opens one entry and closes its own
        .group_by("party", "no", maintain_order=True)
        .agg((pl.col("left") == 0).all())
        .filter(pl.col("left"))
    )
    number = pl.int_range(pl.len(), dtype=pl.Int64).over("party").alias("number")
    return closing.sort("party", "no").with_columns(number).select("party", "no", "number")


def _text(number: pl.Expr) -> pl.Expr:
    """0 is AA, 25 is AZ, 26 is BA, 675 is ZZ, 676 is AAA."""
    base = pl.lit(0, dtype=pl.Int64)
    return (
        pl.when(number < 676)
        .then(pl.concat_str(_letter(number // 26), _letter(number % 26)))
        .otherwise(
            pl.concat_str(
                _letter((number - 676) // 676 + base),
                _letter((number - 676) // 26 % 26),
                _letter((number - 676) % 26),
            )
        )
    )


def _letter(number: pl.Expr) -> pl.Expr:
    alphabet = {n: chr(ord("A") + n) for n in range(26)}
    return number.replace_strict(alphabet, default=None, return_dtype=pl.String)
