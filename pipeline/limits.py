"""What posts itself and what waits although it is sure: policy, periods, gaps, mandates, accounts.

What a person decides passes: an approver posts into the first open day, behind a gap too.
"""

import polars as pl

from pipeline import approving, ledger, posting, taxes, valuing
from pipeline.config import Settings
from pipeline.ledger import closings, company, posted, reads

_BY_PEOPLE = ("manual", "accepted")
_HELD = {"line_id": pl.Int64, "held_reason": pl.String}


def choose(
    book: ledger.Ledger,
    settings: Settings,
    lines: pl.DataFrame,
    proposals: pl.DataFrame,
    proposed: pl.DataFrame,
    *,
    tie: bool = False,
) -> posting.Choice:
    """Which of ``proposals`` post themselves now; the others wait, each with its reason.

    ``tie`` lets lines confirm bank entries of accounts that are reconciled separately.
    """
    parts = [_not_approved(book, settings, lines), _closed_periods(book, lines),
             behind_gaps(book, settings), _on_hold(book, lines),
             taxes.not_known(book, settings, proposed),
             _given_up(book, settings, lines, proposals, proposed)]  # fmt: skip
    if not tie:
        parts.append(to_tie(book, lines, proposed))
    withheld = pl.concat(parts).unique("line_id", keep="first", maintain_order=True)
    chosen = posting.choose(lines, proposals, settings, withheld)
    if "" not in settings.accounts.values():
        return chosen
    unset = _without_account(book, settings, lines, chosen.post, proposed)
    return posting.choose(lines, proposals, settings, pl.concat([withheld, unset]))


def may_park(book: ledger.Ledger, settings: Settings, left: pl.DataFrame) -> pl.DataFrame:
    """Those of ``posted.lines_left`` that are booked in an open period and not behind a gap."""
    if not approving.approved(book, settings):
        return left.clear()
    opened = posting.open_days(left, posted.closed_through(book))
    return opened.join(behind_gaps(book, settings), on="line_id", how="anti")


def _not_approved(book: ledger.Ledger, settings: Settings, lines: pl.DataFrame) -> pl.DataFrame:
    """All lines, while the policy waits for a second person: it runs as proposals."""
    waiting = lines.clear() if approving.approved(book, settings) else lines
    return waiting.select("line_id", pl.lit("policy_not_approved").alias("held_reason"))


def _closed_periods(book: ledger.Ledger, lines: pl.DataFrame) -> pl.DataFrame:
    """Lines booked in a closed period, except parked ones: these have an entry on their date."""
    last = posted.closed_through(book)
    if last is None:
        return pl.DataFrame(schema=_HELD)
    day = pl.coalesce("booking_date", "value_date")
    fresh = lines.join(posted.parked_lines(book), on="line_id", how="anti")
    return fresh.filter(day <= last).select("line_id", pl.lit("period_closed").alias("held_reason"))


def behind_gaps(book: ledger.Ledger, settings: Settings) -> pl.DataFrame:
    """Lines of statements that do not follow the last known balance, by ``[policy] on_gap``."""
    if settings.policy["on_gap"] == "post":
        return pl.DataFrame(schema=_HELD)
    beyond = posting.beyond_gap(closings.statements_to_reconcile(book))
    found = posted.lines_of(book, beyond)
    return found.select("line_id", pl.lit("gap").alias("held_reason"))


def _on_hold(book: ledger.Ledger, lines: pl.DataFrame) -> pl.DataFrame:
    """Further debits of mandates of which two were returned; the returns themselves pass."""
    debits = lines.filter((pl.col("mandate_id") != "") & (pl.col("amount") > 0))
    if debits.is_empty():
        return pl.DataFrame(schema=_HELD)
    held = debits.filter(pl.col("mandate_id").is_in(posted.mandates_on_hold(book)))
    return held.select("line_id", pl.lit("mandate_on_hold").alias("held_reason"))


def _given_up(
    book: ledger.Ledger,
    settings: Settings,
    lines: pl.DataFrame,
    proposals: pl.DataFrame,
    proposed: pl.DataFrame,
) -> pl.DataFrame:
    """Lines of days on which the machine would give up more than a night or a month may.

    All lines of such a day with a tolerance or a bank charge wait, of that party for the month:
    which of them came first says nothing.
    """
    if not (settings.policy["difference_night"] or settings.policy["difference_party_month"]):
        return pl.DataFrame(schema=_HELD)
    amount = pl.col("difference_amount")
    own = proposed.filter((pl.col("rank") == 1) & (amount != 0)).join(
        proposals.filter((pl.col("rank") == 1) & ~pl.col("confidence").is_in(_BY_PEOPLE)),
        on="line_id", how="semi",
    )  # fmt: skip
    day = pl.coalesce("booking_date", "value_date").alias("day")
    wanted = own.filter(pl.col("difference_kind") != "write_off").join(
        lines.select("line_id", "currency", day), on="line_id"
    )
    columns = ("line_id", "party_type", "party_no", "currency", "day", "difference_amount")
    both = pl.concat([posted.differences(book), wanted.select(columns)]).with_columns(
        pl.col("day").dt.truncate("1mo").alias("month"), amount.abs()
    ).sort("day")  # fmt: skip
    day_sum = amount.sum().over("currency", "day")
    party = ["currency", "party_type", "party_no", "month"]
    month_sum = amount.cum_sum().over(party)
    told = both.with_columns(day_sum.alias("night"), month_sum.alias("party_month"))
    told = told.with_columns(pl.col("party_month").max().over(*party, "day"))
    beyond = pl.any_horizontal(
        (
            pl.col(name)
            > posting.limit_by_currency(settings, f"difference_{name}", both["currency"])
        ).fill_null(False)
        for name in ("night", "party_month")
    )
    held = told.filter(pl.col("line_id").is_not_null() & beyond).select("line_id").unique()
    return held.sort("line_id").with_columns(pl.lit("needs_approval").alias("held_reason"))


def to_tie(book: ledger.Ledger, lines: pl.DataFrame, proposed: pl.DataFrame) -> pl.DataFrame:
    """Lines that confirm bank entries of accounts which are reconciled separately."""
    accounts = reads.bank_accounts(book).filter(pl.col("reconcile") == "separate")
    own = lines.join(accounts, on="bank_account_no", how="semi")
    banks = proposed.filter((pl.col("rank") == 1) & (pl.col("target") == "bank_entry"))
    found = own.join(banks, on="line_id", how="semi")
    return found.select("line_id", pl.lit("to_reconcile").alias("held_reason"))


def _without_account(
    book: ledger.Ledger,
    settings: Settings,
    lines: pl.DataFrame,
    chosen: pl.DataFrame,
    proposed: pl.DataFrame,
) -> pl.DataFrame:
    """Lines whose journal needs an account of the settings that is empty."""
    own = lines.join(chosen, on="line_id", how="semi")
    rows = proposed.filter(pl.col("rank") == 1).join(chosen, on="line_id", how="semi")
    entries = reads.open_entries(book)
    journal = posting.post(own, chosen, rows, reads.bank_accounts(book), entries,
                           settings, taxes=taxes.of_rows(book, settings, rows),
                           known=valuing.known(book, settings, own, rows, entries,
                                               company.currency(book, settings)))  # fmt: skip
    return journal.refused.rename({"reason": "held_reason"})
