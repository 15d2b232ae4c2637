"""Pages of one MT940 number (:28C: n/1, n/2 ...) -> the statement that they are together."""

from collections.abc import Iterable
from dataclasses import replace

import polars as pl

from pipeline.domain.bank_statement import BankStatement
from pipeline.domain.packed_lines import PackedLines


def is_page(statement: BankStatement) -> bool:
    """Whether a statement begins or ends in the middle (:60M: or :62M:)."""
    whole = statement.opens and statement.complete
    return statement.kind == "booked" and statement.format == "mt940" and not whole


def joined(pages: Iterable[BankStatement]) -> tuple[BankStatement, list[BankStatement]] | None:
    """The statement from :60F: to :62F: that pages make, in any order, and the pages used.

    None while one is missing: each page opens with the closing balance of the one before.
    """
    left = [page for page in pages if not page.hold_reason]
    used = [page for page in left if page.opens][:1]
    if not used:
        return None
    left.remove(used[0])
    while not used[-1].complete:
        following = [page for page in left if _follows(page, used[-1])]
        if not following:
            return None
        used.append(following[0])
        left.remove(following[0])
    lines = pl.concat([page.lines.frame() for page in used])
    number = pl.int_range(1, pl.len() + 1).cast(pl.Int64).alias("line_no")
    last = used[-1]
    whole = replace(
        last,
        opens=True,
        page="",
        from_date=used[0].from_date,
        opening=used[0].opening,
        lines=PackedLines([lines.with_columns(number)]),
    )
    return whole, used


def _follows(page: BankStatement, before: BankStatement) -> bool:
    in_order = not page.page or not before.page or int(page.page) == int(before.page) + 1
    return not page.opens and page.opening == before.closing and in_order
