"""Which taxes of the books a posting needs, by ``[discount] tax``."""

import polars as pl

from pipeline import ledger, posting
from pipeline.config import Settings
from pipeline.ledger import taxes as stored


def adjusted(book: ledger.Ledger, settings: Settings) -> bool:
    """Whether what is given up is split over taxes: by default once taxes were loaded."""
    choice = settings.discount["tax"]
    return choice == "adjust" or (choice == "auto" and stored.loaded(book))


def of_rows(book: ledger.Ledger, settings: Settings, rows: pl.DataFrame) -> posting.Taxes:
    """The taxes that ``posting.post`` needs for these ``PROPOSED`` rows.

    What was split is taken back as it was, whatever the settings say by now.
    """
    entries = posting.given_up(rows)["target_id"].unique().to_list()
    if not entries:
        return posting.Taxes()
    applied = stored.applied(book, entries)
    if not adjusted(book, settings):
        return posting.Taxes(applied=applied)
    return posting.Taxes(stored.of_entries(book, entries), applied)


def not_known(book: ledger.Ledger, settings: Settings, proposed: pl.DataFrame) -> pl.DataFrame:
    """Lines whose best proposal gives up something of an entry whose taxes are not known.

    ``line_id, held_reason``: ``tax_unknown``, or ``account_not_set`` where a tax has no account.
    """
    rows = posting.given_up(proposed.filter(pl.col("rank") == 1))
    if rows.is_empty() or not adjusted(book, settings):
        return pl.DataFrame(schema={"line_id": pl.Int64, "held_reason": pl.String})
    entries = rows["target_id"].unique().to_list()
    known = stored.of_entries(book, entries)
    unset = known.filter((pl.col("tax_amount") != 0) & (pl.col("gl_account") == ""))
    fresh = rows.join(stored.sides(book, entries), left_on="target_id", right_on="entry_id")
    fresh = fresh.filter(pl.col("entry_amount").sign() == pl.col("side"))  # none is taken back
    untaxed = fresh.join(known, left_on="target_id", right_on="entry_id", how="anti")
    unposted = fresh.join(unset, left_on="target_id", right_on="entry_id", how="semi")
    held = [
        found.select("line_id", pl.lit(reason).alias("held_reason"))
        for found, reason in ((untaxed, "tax_unknown"), (unposted, "account_not_set"))
    ]
    return pl.concat(held).unique("line_id", keep="first", maintain_order=True)
