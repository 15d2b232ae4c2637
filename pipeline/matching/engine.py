"""The engine: evidence for all lines at once, the plain ones decided in bulk, the rest by date."""

from collections.abc import Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from types import MappingProxyType
from typing import Any

import polars as pl

from pipeline.config import Settings
from pipeline.domain import collector, frames
from pipeline.domain.seen import saw
from pipeline.matching import plain_lines, plain_payers
from pipeline.matching.assignment import Assignment, as_rows
from pipeline.matching.cases import Answer
from pipeline.matching.evidence import find
from pipeline.matching.explained import explain
from pipeline.matching.open_items import OpenItems
from pipeline.matching.searches import Searches


def propose(
    lines: pl.DataFrame,
    entries: pl.DataFrame,
    bank_entries: pl.DataFrame,
    parties: pl.DataFrame,
    bank_accounts: pl.DataFrame,
    settings: Settings,
    closed: pl.DataFrame | None = None,
    *,
    bulk: bool = True,
    rejected: Mapping[int, Collection[str]] = MappingProxyType({}),
    transferred: pl.DataFrame | None = None,
    mappings: pl.DataFrame | None = None,
    references: pl.DataFrame | None = None,
    parts: pl.DataFrame | None = None,
    searches: Searches | None = None,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Proposals (``frames.PROPOSALS``) and their rows (``frames.PROPOSED``) for every line.

    ``bulk`` false decides each line by itself: the same answers, slowly. ``rejected`` holds by
    line the signatures of answers that a person rejected: they are not given again, and the line
    takes nothing by itself any more, though what it may settle stays contested. ``transferred`` are
    lines booked to transfers lately (``line_id, bank_account_no, currency, amount, booking_date``).
    ``mappings`` is what people taught (``frames.MAPPINGS``), ``references`` what the other side
    calls documents (``frames.REFERENCES``), ``parts`` what the references of our statements stand
    for (``frames.NAMED_PARTS``). ``searches`` serve all calls of one run.
    """
    past = closed if closed is not None else frames.empty(frames.ENTRIES)
    day = pl.coalesce("booking_date", "value_date")
    dated = lines.with_columns(day.alias("day"), day.alias("booking_date"))
    undated = dated.filter(pl.col("day").is_null())["line_id"].to_list()
    dated = dated.drop_nulls("day").sort("line_id")
    taught = mappings if mappings is not None else frames.empty(frames.MAPPINGS)
    owed = entries.filter(~_unapplied())
    called = references if references is not None else frames.empty(frames.REFERENCES)
    stated = parts if parts is not None else frames.empty(frames.NAMED_PARTS)
    items = OpenItems(owed, bank_entries, parties, bank_accounts, past, taught, called, stated)
    evidence = find(dated, items, searches or Searches())
    quiet = plain_lines.quiet(dated, items, evidence, list(rejected))
    plain = plain_lines.decide(quiet, dated, items, evidence)
    plain += plain_payers.decide(quiet, items, evidence)
    if not bulk:
        plain = plain.none()
    rest = dated.join(plain.heads.select("line_id"), on="line_id", how="anti")
    with collector.paused(), ThreadPoolExecutor(1) as beside:
        said = beside.submit(explain, plain.heads, plain.rows, dated, items, evidence)
        careful = Assignment(rest, items, evidence, settings, rejected, transferred)
        answers = careful.decide(plain.settled(careful.books.entries.keys()))
        no_date = Answer("none", "none", "no_date", evidence=saw("no_date"))
        answers.update({number: [no_date] for number in undated})
        heads, rows = as_rows(answers)
        own_heads, own = _frame(heads, frames.PROPOSALS), _frame(rows, frames.PROPOSED)
        own_heads = explain(own_heads, own, dated, items, evidence)
        proposals = pl.concat([said.result(), own_heads]).sort("line_id", "rank")
    return proposals, pl.concat([plain.rows, own]).sort("line_id", "rank", "seq")


def _unapplied() -> pl.Expr:
    """Money that a line left on account: a person applies it, no other line does.

    Were it netted by itself, a payment of tomorrow would count today or not by whether both days
    came in one run; the line that nets it is a question all the same.
    """
    owed = pl.when(pl.col("party_type") == "vendor").then(-1).otherwise(1)
    of_line = pl.col("document_no").str.starts_with(frames.LINE_DOCUMENT)
    return of_line & (pl.col("remaining_amount") * owed < 0)


def _frame(rows: list[dict[str, Any]], schema: frames.Schema) -> pl.DataFrame:
    columns = {
        name: [row.get(name, "" if kind == pl.String else 0) for row in rows]
        for name, kind in schema.items()
    }
    return pl.DataFrame(columns, schema=schema)
