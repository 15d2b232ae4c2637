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


def pointers(items: OpenItems, evidence: Evidence) -> pl.DataFrame:
    """``line_id, party_type, party_no``, once for each party that a line points to in any way.

    By what it names or its reference stands for, who pays it, whom its text names, and whom people
    taught. What its damaged numbers may mean is of these parties only.
    """
    owned = ((evidence.named, items.entries), (evidence.parts, items.parts))
    owners = [
        hits.join(books.select("entry_id", *WHO), on="entry_id").select("line_id", *WHO)
        for hits, books in owned
    ]
    told = (evidence.payers, evidence.others, evidence.payees)
    return pl.concat([*owners, *(found.select("line_id", *WHO) for found in told)]).unique()


def parties(ids: pl.DataFrame, items: OpenItems, evidence: Evidence) -> pl.DataFrame:
    """``party_type, party_no`` that the lines in ``ids`` point to."""
    return pointers(items, evidence).join(ids, on="line_id", how="semi").select(WHO).unique()


def parts(ids: pl.DataFrame, items: OpenItems, evidence: Evidence) -> dict[int, Entry]:
    """Entries by number that references stand for which the lines in ``ids`` state."""
    own = evidence.parts.join(ids, on="line_id", how="semi")
    kept = items.parts.select(_FOR_RULES).join(own, on="entry_id", how="semi").unique("entry_id")
    return {entry["entry_id"]: entry for entry in kept.sort("entry_id").to_dicts()}


def rows(known: pl.DataFrame, entries: pl.DataFrame) -> dict[int, Entry]:
    """All entries of the ``known`` parties by their number, in order of due date."""
    kept = entries.select(_FOR_RULES).join(known, on=WHO, how="semi")
    return {entry["entry_id"]: entry for entry in kept.sort("due_date", "entry_id").to_dicts()}
