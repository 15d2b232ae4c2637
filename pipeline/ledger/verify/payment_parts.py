"""I44: a payment part is its entries, and its reference has the right check digits."""

from typing import Any

import polars as pl
from stdnum import iso11649
from stdnum.ch import esr

from pipeline.ledger.payment_part_rules import PARTS
from pipeline.ledger.reading import Snapshot
from pipeline.ledger.verify.check import Query, Work

_QRR_DIGITS = 27


def _references(books: Snapshot) -> list[Any]:
    sql = "SELECT payment_reference FROM payment_part ORDER BY payment_reference"
    found = books.frame(sql, {"payment_reference": pl.String})["payment_reference"].to_list()
    return [reference for reference in found if not _is_right(reference)]


def _is_right(reference: str) -> bool:
    if reference.startswith("RF"):
        return bool(iso11649.is_valid(reference))
    return len(reference) == _QRR_DIGITS and bool(esr.is_valid(reference))


CHECKS: dict[str, Query | Work] = {
    "I44": Query(
        "payment_part",
        "a payment part is the sum of its entries, all of its party and currency",
        PARTS.format(parts="payment_part"),
    ),
    "I44b": Work("payment_part", "each payment reference has the right check digits", _references),
}
