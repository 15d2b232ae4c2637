"""Discrete levels of what speaks for each proposal, found once for all, in bulk.

They are worked out from what the lines say, from static facts of the entries and from the
proposal's own rows: never from what is open, so that it does not matter how many days are decided
in one run. What says nothing has the empty level.
"""

import polars as pl

from pipeline.matching import rule_table
from pipeline.matching.evidence import Evidence
from pipeline.matching.open_items import OpenItems

KEY = ["line_id", "rank"]
LEVELS = {
    "reference": "match: the structured reference is that of a settled entry or of a statement over"
                 " it; other: of none",
    "document": "full: the line names all that is settled; some: a part of it; digits: by bare"
                " digits or ends of a list; near: by damaged or shortened numbers; batch:"
                " its batch",
    "party": "number, mandate, name (also cut or damaged, like one party only), taught (people"
             " said so of name or text), close (only alike); other: the line tells another party",
    "account": "on_file: the payer's account is on file for the party; taught: people said so;"
               " other: it is on file for another one; unknown: for nobody",
    "amount": "exact, discount, tolerance, charge, part, over, late (less a discount that is"
              " late), short (a small amount beyond the tolerance is missing), oldest (due first,"
              " the last in part), original (what the bank states in their currency), differs",
    "entries": "several: more than one entry is settled",
    "date": "later: an entry is posted after the booking date",
    "debit": "mandate: the direct debit's mandate is that of the entries",
    "answers": "several: the line has more than one answer",
}  # fmt: skip
"""Names of the levels in their order, and what their values mean."""
_NAMES = {
    "number": ["number"],
    "mandate": ["mandate"],
    "name": ["name"],
    "taught": ["mapped_name", "mapped_text"],
    "close": ["close"],
}
"""How a line tells a party, best first, by the ``how`` of its payers."""


def find(
    heads: pl.DataFrame,
    rows: pl.DataFrame,
    lines: pl.DataFrame,
    items: OpenItems,
    evidence: Evidence,
) -> pl.DataFrame:
    """``heads`` with one column of text for each level; ``lines`` with their ``day``."""
    said = lines.select("line_id", "day", "payment_reference", "mandate_id", "counterparty_account")
    ids = rows.select("target", "target_id").unique()
    settled = pl.concat(
        [
            _settled(rows, "entry", _entries(items.entries, ids), _by_entry(evidence), said),
            _settled(rows, "bank_entry", _bank(items.bank_entries, ids), _by_bank(evidence), said),
        ]
    )
    whole = (
        heads.join(said, on="line_id", how="left")
        .join(_amounts(rows), on=KEY, how="left")
        .join(_of_entries(settled), on=KEY, how="left")
        .join(_told(heads, evidence.payers), on=KEY, how="left")
    )
    levels = [level.fill_null("").alias(name) for name, level in _levels().items()]
    return whole.select(*heads.columns, *levels).sort(KEY)


def as_text() -> pl.Expr:
    """The levels as one text, ``document=full amount=exact``; without the empty ones."""
    said = [
        pl.when(pl.col(name) != "").then(pl.concat_str(pl.lit(f"{name}="), name)) for name in LEVELS
    ]
    return pl.concat_str(said, separator=" ", ignore_nulls=True)


def of_text(heads: pl.DataFrame) -> pl.DataFrame:
    """``heads`` with the levels that their ``evidence`` holds ``as_text``."""
    found = [pl.col("evidence").str.extract(rf"(?:^| ){name}=(\S+)").fill_null("").alias(name)
             for name in LEVELS]  # fmt: skip
    return heads.with_columns(found)


def _entries(entries: pl.DataFrame, ids: pl.DataFrame) -> pl.DataFrame:
    wanted = ids.filter(pl.col("target") == "entry").select(pl.col("target_id").alias("entry_id"))
    columns = ("entry_id", "posting_date", "payment_reference", "mandate_id")
    return entries.select(columns).join(wanted, on="entry_id", how="semi").select(
        pl.col("entry_id").alias("target_id"), "posting_date",
        pl.col("payment_reference").str.replace_all(" ", "").alias("own_reference"),
        pl.col("mandate_id").alias("own_mandate"),
    )  # fmt: skip


def _bank(bank_entries: pl.DataFrame, ids: pl.DataFrame) -> pl.DataFrame:
    wanted = ids.filter(pl.col("target") == "bank_entry")
    number = pl.col("bank_entry_id").alias("target_id")
    return bank_entries.with_columns(number).join(wanted, on="target_id", how="semi").select(
        "target_id", "posting_date", pl.lit("").alias("own_reference"),
        pl.col("mandate_id").alias("own_mandate"),
    )  # fmt: skip


def _by_entry(evidence: Evidence) -> pl.DataFrame:
    how = pl.when("exact").then(pl.lit("full")).otherwise(pl.lit("digits"))
    named = evidence.named.select("line_id", "entry_id", how.alias("how"))
    stated = evidence.parts.select("line_id", "entry_id", pl.lit(True).alias("in_part"))
    both = named.join(stated, on=["line_id", "entry_id"], how="full", coalesce=True)
    return both.select(
        "line_id", pl.col("entry_id").alias("target_id"), "in_part",
        pl.when("in_part").then(pl.lit("full")).otherwise("how").alias("how"),
    )  # fmt: skip


def _by_bank(evidence: Evidence) -> pl.DataFrame:
    how = pl.when("batch").then(pl.lit("batch")).otherwise(pl.lit("full"))
    named = evidence.bank.select(
        "line_id", pl.col("bank_entry_id").alias("target_id"), how.alias("how")
    )
    return named.group_by("line_id", "target_id").agg(
        pl.lit(None, dtype=pl.Boolean).alias("in_part"), pl.col("how").max()
    )


def _settled(
    rows: pl.DataFrame, target: str, books: pl.DataFrame, named: pl.DataFrame, said: pl.DataFrame
) -> pl.DataFrame:
    """The rows of ``target`` with what the books and the line say of each."""
    own = rows.filter(pl.col("target") == target).select(*KEY, "target_id")
    whole = own.join(books, on="target_id").join(named, on=["line_id", "target_id"], how="left")
    whole = whole.join(said, on="line_id")
    mandate = pl.col("mandate_id")
    return whole.select(
        *KEY, "how",
        ((pl.col("own_reference") == pl.col("payment_reference"))
         | pl.col("in_part").fill_null(False)).alias("referred"),
        ((mandate != "") & (pl.col("own_mandate") == mandate)).alias("mandated"),
        (pl.col("posting_date") > pl.col("day")).alias("later"),
    )  # fmt: skip


def _of_entries(settled: pl.DataFrame) -> pl.DataFrame:
    """One row a proposal that settles entries or bank entries."""
    how = pl.col("how")
    document = (
        pl.when((how == "full").all() & how.is_not_null().all()).then(pl.lit("full"))
        .when((how == "batch").any()).then(pl.lit("batch"))
        .when(how.is_not_null().all()).then(pl.lit("digits"))
        .when(how.is_not_null().any()).then(pl.lit("some"))
    )  # fmt: skip
    return settled.group_by(KEY).agg(
        document.alias("document_level"),
        pl.col("referred").any(),
        pl.col("mandated").all(),
        pl.col("later").any(),
        pl.len().alias("settling"),
    )


def _amounts(rows: pl.DataFrame) -> pl.DataFrame:
    """What the rows of a proposal say of its amount."""
    target = pl.col("target")
    fee = (target == "gl") & (pl.col("gl_account") == "bank_charges")
    return rows.group_by(KEY).agg(
        (pl.col("discount_amount") != 0).any().alias("discounted"),
        (pl.col("difference_kind") == "tolerance").any().alias("tolerated"),
        ((pl.col("difference_kind") == "bank_charge") | fee).any().alias("charged"),
        (target == "on_account").any().alias("left_over"),
        target.is_in(["entry", "bank_entry"]).any().alias("settles"),
    )


def _told(heads: pl.DataFrame, payers: pl.DataFrame) -> pl.DataFrame:
    """How the line tells the party of each proposal, and whether it surely tells any."""
    how = pl.col("how")
    own = (pl.col("party_no") == pl.col("own_no")) & (pl.col("party_type") == pl.col("own_type"))
    asked = heads.select(*KEY, pl.col("party_type").alias("own_type"),
                         pl.col("party_no").alias("own_no"))  # fmt: skip
    return payers.join(asked, on="line_id").group_by(KEY).agg(
        *[(own & how.is_in(hows)).any().alias(f"by_{name}") for name, hows in _NAMES.items()],
        (own & (how == "account")).any().alias("by_account"),
        (own & (how == "mapped_account")).any().alias("by_taught_account"),
        (how == "account").any().alias("any_account"),
        how.is_in(["number", "mandate", "name"]).any().alias("any_name"),
    )  # fmt: skip


def _levels() -> dict[str, pl.Expr]:
    """Each level as text; null where it says nothing."""
    some_party = pl.col("party_type").is_in(["customer", "vendor"])
    asked = pl.col("payment_reference") != ""
    by_name = pl.coalesce(pl.when(f"by_{name}").then(pl.lit(name)) for name in _NAMES)
    return {
        "reference": pl.when(asked & pl.col("referred")).then(pl.lit("match"))
        .when(asked & ~pl.col("referred")).then(pl.lit("other")),
        "document": pl.when(pl.col("rule").str.starts_with("near_")).then(pl.lit("near"))
        .otherwise("document_level"),
        "party": pl.when(some_party & by_name.is_not_null()).then(by_name)
        .when(some_party & pl.col("any_name")).then(pl.lit("other")),
        "account": pl.when(~some_party).then(None)
        .when(pl.col("by_account")).then(pl.lit("on_file"))
        .when(pl.col("by_taught_account")).then(pl.lit("taught"))
        .when(pl.col("any_account")).then(pl.lit("other"))
        .when(pl.col("counterparty_account") != "").then(pl.lit("unknown")),
        "amount": _amount(),
        "entries": pl.when(pl.col("settling") > 1).then(pl.lit("several")),
        "date": pl.when("later").then(pl.lit("later")),
        "debit": pl.when("mandated").then(pl.lit("mandate")),
        "answers": pl.when(pl.col("line_id").is_duplicated()).then(pl.lit("several")),
    }  # fmt: skip


def _amount() -> pl.Expr:
    told = {rule.name: rule.amount for rule in rule_table.RULES if rule.amount}
    by_rule = pl.col("rule").replace_strict(told, default=None, return_dtype=pl.String)
    return (
        pl.when(~pl.col("settles").fill_null(False)).then(None)
        .when(by_rule.is_not_null()).then(by_rule)
        .when("charged").then(pl.lit("charge"))
        .when("tolerated").then(pl.lit("tolerance"))
        .when("left_over").then(pl.lit("over"))
        .when("discounted").then(pl.lit("discount"))
        .otherwise(pl.lit("exact"))
    )  # fmt: skip
