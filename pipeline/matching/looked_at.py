"""What the careful path looks at of the books: few parties of many, and of these every entry."""

import polars as pl

from pipeline.matching.amounts import Entry
from pipeline.matching.evidence import Evidence
from pipeline.matching.open_items import OpenItems

WHO = ["party_type", "party_no"]
_FOR_RULES = [
    "entry_id", *WHO, "document_no", "instalment", "posting_date", "due_date", "currency", "amount",
    "remaining_amount", "payment_reference", "discount_date", "discount_amount",
    "discount_tolerance_date", "discount_date_2", "discount_amount_2", "on_hold",
    "source_conflict",
]  # fmt: skip
"""What rules ask of an entry; the other columns of very many entries cost time and memory."""


def parties(ids: pl.DataFrame, items: OpenItems, evidence: Evidence) -> pl.DataFrame:
    """``party_type, party_no`` that pay the lines in ``ids``, own or are what these name."""
    entries = items.entries
    named = evidence.named.join(ids, on="line_id", how="semi").select("entry_id").unique()
    owners = entries.select("entry_id", *WHO).join(named, on="entry_id", how="semi").select(WHO)
    payers = evidence.payers.join(ids, on="line_id", how="semi").select(WHO)
    others = evidence.others.join(ids, on="line_id", how="semi").select(WHO)
    payees = evidence.payees.join(ids, on="line_id", how="semi").select(WHO)
    own = evidence.parts.join(ids, on="line_id", how="semi")
    asked = items.parts.join(own, on="entry_id", how="semi").select(WHO)
    return pl.concat([owners, payers, others, payees, asked]).unique()


def parts(ids: pl.DataFrame, items: OpenItems, evidence: Evidence) -> dict[int, Entry]:
    """Entries by number that references stand for which the lines in ``ids`` state."""
    own = evidence.parts.join(ids, on="line_id", how="semi")
    kept = items.parts.select(_FOR_RULES).join(own, on="entry_id", how="semi").unique("entry_id")
    return {entry["entry_id"]: entry for entry in kept.sort("entry_id").to_dicts()}


def rows(known: pl.DataFrame, entries: pl.DataFrame) -> dict[int, Entry]:
    """All entries of the ``known`` parties by their number, in order of due date."""
    kept = entries.select(_FOR_RULES).join(known, on=WHO, how="semi")
    return {entry["entry_id"]: entry for entry in kept.sort("due_date", "entry_id").to_dicts()}
