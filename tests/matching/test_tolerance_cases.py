"""One document of 1,000 with 20 discount until 15 January, late until the 20th, tolerance 5.

The rows are WT-01 to WT-18 of Microsoft's page on payment tolerance, where one document stands
alone, and WT-19 to WT-48, where one payment settles two. Three outcomes are ours by rule: what is
paid in full in the days of grace takes no late discount (WT-07 to 09 instead of 04 to 06); a
tolerance never comes on top of a late discount, so 985 and 975 in those days are part payments
(WT-10, WT-12), and of two documents such amounts are a question (WT-25, 27, 31 and others); beyond
the grace 980 is a late discount that nobody granted: what was paid is posted and the rest stays
open (WT-17).
"""

import datetime as dt
from typing import Any

import polars as pl
import pytest

from pipeline.config import Settings
from pipeline.defaults import DEFAULTS
from pipeline.domain import frames
from pipeline.matching import propose
from tests.matching.worlds import ACCOUNTS, entry, frame, line, party

IN_TIME, GRACE, LATE = dt.date(2003, 1, 15), dt.date(2003, 1, 20), dt.date(2003, 1, 21)
SETTINGS = Settings(ledger="", policy=DEFAULTS["policy"] | {"tolerance": {"default": "5.00"}})
CASES = [
    ("WT-01", 98500, IN_TIME, "document_tolerance", (98500, 2000, -500)),
    ("WT-02", 98000, IN_TIME, "document_discount", (98000, 2000, 0)),
    ("WT-03", 97500, IN_TIME, "document_tolerance", (97500, 2000, 500)),
    ("WT-07", 100500, GRACE, "document_tolerance", (100500, 0, -500)),
    ("WT-08", 100000, GRACE, "document_exact", (100000, 0, 0)),
    ("WT-09", 99500, GRACE, "document_tolerance", (99500, 0, 500)),
    ("WT-10", 98500, GRACE, "document_part_payment", (98500, 0, 0)),
    ("WT-11", 98000, GRACE, "document_discount", (98000, 2000, 0)),
    ("WT-12", 97500, GRACE, "document_part_payment", (97500, 0, 0)),
    ("WT-13", 100500, LATE, "document_tolerance", (100500, 0, -500)),
    ("WT-14", 100000, LATE, "document_exact", (100000, 0, 0)),
    ("WT-15", 99500, LATE, "document_tolerance", (99500, 0, 500)),
    ("WT-16", 98500, LATE, "document_part_payment", (98500, 0, 0)),
    ("WT-17", 98000, LATE, "document_discount_late", (98000, 0, 0)),
    ("WT-18", 97500, LATE, "document_part_payment", (97500, 0, 0)),
]


def best(amount: int, day: dt.date, **more: Any) -> tuple[str, str, tuple[int, int, int]]:
    document = entry(
        1, 100000, posting_date=dt.date(2003, 1, 1), discount_amount=2000,
        discount_date=IN_TIME, discount_tolerance_date=GRACE, **more,
    )  # fmt: skip
    paid = line(1, amount, text="RE100001", booking_date=day, value_date=day,
                counterparty_account="DE77")  # fmt: skip
    heads, rows = propose(
        frame([paid], frames.LINES), frame([document], frames.ENTRIES),
        frames.empty(frames.BANK_ENTRIES), frame([party("C1", "DE77")], frames.PARTIES),
        ACCOUNTS, SETTINGS,
    )  # fmt: skip
    head, row = heads.row(0, named=True), rows.row(0, named=True)
    share = (row["applied_amount"], row["discount_amount"], row["difference_amount"])
    return head["confidence"], head["rule"], share


@pytest.mark.parametrize(("case", "amount", "day", "rule", "share"), CASES)
def test_one_document(
    case: str, amount: int, day: dt.date, rule: str, share: tuple[int, int, int]
) -> None:
    assert best(amount, day) == ("high", rule, share), case


def test_the_second_tier_comes_after_the_first() -> None:
    tiers = {"discount_date_2": LATE, "discount_amount_2": 1000}
    assert best(99000, LATE, **tiers) == ("high", "document_discount", (99000, 1000, 0))
    assert best(98000, IN_TIME, **tiers) == ("high", "document_discount", (98000, 2000, 0))
    assert best(98000, LATE, **tiers)[1] == "document_discount_late"


def test_no_discount_on_what_is_partly_paid() -> None:
    found = best(58000, IN_TIME, remaining_amount=60000)
    assert found == ("high", "document_part_payment", (58000, 0, 0))


BOTH_IN_TIME, SECOND_IN_TIME = dt.date(2003, 1, 15), dt.date(2003, 1, 17)
BOTH_LATE, SECOND_LATE, NONE_LEFT = (dt.date(2003, 1, day) for day in (20, 22, 23))
TWO = [
    ("WT-19..21", BOTH_IN_TIME, (192000, 191000, 190000), 191000, (6000, 3000), False),
    ("WT-22..24", SECOND_IN_TIME, (198000, 197000, 196000), 197000, (0, 3000), False),
    ("WT-25..27", SECOND_IN_TIME, (192000, 191000, 190000), 191000, (6000, 3000), True),
    ("WT-28..30", BOTH_LATE, (201000, 200000, 199000), 200000, (0, 0), False),
    ("WT-31..33", BOTH_LATE, (198000, 197000, 196000), 197000, (0, 3000), True),
    ("WT-34..36", BOTH_LATE, (195000, 194000, 193000), 194000, (6000, 0), True),
    ("WT-37..39", BOTH_LATE, (192000, 191000, 190000), 191000, (6000, 3000), True),
    ("WT-40..42", SECOND_LATE, (201000, 200000, 199000), 200000, (0, 0), False),
    ("WT-43..45", SECOND_LATE, (198000, 197000, 196000), 197000, (0, 3000), True),
    ("WT-46..48", NONE_LEFT, (201000, 200000, 199000), 200000, (0, 0), False),
]


def of_two(amount: int, day: dt.date) -> tuple[str, str, tuple[tuple[int, int, int], ...]]:
    """Confidence, rule and the shares (applied, discount, difference) of the two documents."""
    terms = [(6000, IN_TIME, GRACE), (3000, SECOND_IN_TIME, SECOND_LATE)]
    documents = [
        entry(number, 100000, posting_date=dt.date(2003, 1, 1), discount_amount=discount,
              discount_date=until, discount_tolerance_date=tolerated)
        for number, (discount, until, tolerated) in enumerate(terms, 1)
    ]  # fmt: skip
    paid = line(1, amount, text="RE100001 RE100002", booking_date=day, value_date=day,
                counterparty_account="DE77")  # fmt: skip
    heads, rows = propose(
        frame([paid], frames.LINES), frame(documents, frames.ENTRIES),
        frames.empty(frames.BANK_ENTRIES), frame([party("C1", "DE77")], frames.PARTIES),
        ACCOUNTS, SETTINGS,
    )  # fmt: skip
    head = heads.row(0, named=True)
    best_rows = rows.filter(pl.col("rank") == 1).select(
        "applied_amount", "discount_amount", "difference_amount"
    )
    return head["confidence"], head["rule"], tuple(best_rows.rows())


@pytest.mark.parametrize(("case", "day", "amounts", "due", "discounts", "late"), TWO)
def test_two_documents_in_one_payment(
    case: str, day: dt.date, amounts: tuple[int, ...], due: int, discounts: tuple[int, int],
    late: bool,
) -> None:  # fmt: skip
    for amount in amounts:
        level, rule, shares = of_two(amount, day)
        if amount != due and late:
            assert level != "high", (case, amount)
            continue
        rest = (due - amount) // 2
        assert level == "high", (case, amount)
        assert shares == tuple((100000 - less - rest, less, rest) for less in discounts), case
        if rest:
            assert rule == "document_tolerance", (case, amount)
