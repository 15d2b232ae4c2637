"""What posts itself and what waits although it is sure: policy, periods, gaps, mandates, accounts.

What a person decides passes: an approver posts into the first open day, behind a gap too.
"""

import polars as pl

from pipeline import approving, ledger, posting, taxes, valuing
from pipeline.config import Settings
from pipeline.ledger import closings, company, posted, reads

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
             taxes.not_known(book, settings, proposed)]  # fmt: skip
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
    journal = posting.post(own, chosen, rows, reads.bank_accounts(book), reads.open_entries(book),
                           settings, taxes=taxes.of_rows(book, settings, rows),
                           known=valuing.known(book, settings, own, rows,
                                               company.currency(book, settings)))  # fmt: skip
    return journal.refused.rename({"reason": "held_reason"})
