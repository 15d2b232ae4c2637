"""How far back a return reaches, what its fee is, and when it is a question. No ledger."""

import datetime as dt

import polars as pl
import pytest

from pipeline.config import Settings
from pipeline.domain import frames
from pipeline.matching import take_back
from tests.matching.worlds import Row, frame, line

PAID = dt.date(2026, 1, 15)
IBAN = "DE05370501980000001101"


def paid(number: int = 9, amount: int = 10000, **more: object) -> Row:
    """A posted line that settled one entry whole."""
    return {
        "original_id": number, "bank_account_no": "B1", "currency": "EUR", "amount": amount,
        "booking_date": PAID, "value_date": PAID, "place": 1, "target": "entry",
        "target_id": number, "counterparty_account": IBAN, "party_type": "customer",
        "party_no": "C1", "applied_amount": amount, "entry_amount": amount, "undoable": True,
    } | more  # fmt: skip


def back(days: int, amount: int = -10000, **more: object) -> Row:
    day = PAID + dt.timedelta(days=days)
    return line(1, amount, booking_date=day, value_date=day, counterparty_account=IBAN,
                type_code="NRTI") | more  # fmt: skip


def found(lines: list[Row], originals: list[Row]) -> dict[int, list[tuple[str, int]]]:
    """What each answered return takes back: target and amount of each row."""
    asked = [{"line_id": r["line_id"], "rank": 1, "reason": "possible_return"} for r in lines]
    heads, rows = take_back(
        frame(lines, frames.LINES), frame(asked, frames.PROPOSALS),
        frames.empty(frames.PROPOSED), frame(originals, frames.ORIGINALS), Settings(ledger=""),
    )  # fmt: skip
    sure = heads.filter(pl.col("confidence") == "high")["line_id"].to_list()
    picked = {number: rows.filter(pl.col("line_id") == number) for number in sure}
    return {
        number: [(t or g, a) for t, g, a in own.select("target", "gl_account", "applied_amount")
                 .rows()]
        for number, own in picked.items()
    }  # fmt: skip


@pytest.mark.parametrize(
    ("days", "mandate", "reached"),
    [(60, "", True), (61, "", False), (390, "M-1", True), (400, "M-1", False)],
)
def test_sixty_days_and_thirteen_months_for_a_direct_debit(
    days: int, mandate: str, reached: bool
) -> None:
    taken = found([back(days, mandate_id=mandate)], [paid(mandate_id=mandate)])
    assert bool(taken) == reached


@pytest.mark.parametrize(
    ("amount", "original", "stated"),
    [
        (-10300, 10000, {"charges": 300}),
        (-10300, 10000, {"original_amount": 10000}),
        (-10300, 10000, {"original_amount": 10000, "original_currency": "EUR"}),
        (9700, -10000, {"original_amount": 10000}),
    ],
)
def test_the_fee_is_set_apart(amount: int, original: int, stated: dict[str, object]) -> None:
    taken = found([back(5, amount, **stated)], [paid(amount=original)])
    assert taken == {1: [("entry", -original), ("gl", -300)]}


def test_an_original_amount_of_another_currency_is_no_fee() -> None:
    stated = {"original_amount": 10000, "original_currency": "CHF"}
    assert found([back(5, -10300, **stated)], [paid()]) == {}


def test_two_payments_or_two_returns_are_a_question() -> None:
    assert found([back(5)], [paid(8), paid(9)]) == {}
    assert found([back(5), back(6, line_id=2)], [paid()]) == {}


def test_a_part_and_its_whole_are_not_both_taken_back() -> None:
    parts = [
        paid(amount=30000, place=n, target_id=n, applied_amount=share, entry_amount=share,
             document_no=f"RE{n}")
        for n, share in ((1, 10000), (2, 20000))
    ]  # fmt: skip
    part = back(5, text="RUECKGABE RE1")
    assert found([part], parts) == {1: [("entry", -10000)]}
    assert found([part, back(6, -30000, line_id=2)], parts) == {}
    both = found([part, back(6, -20000, line_id=2, text="RUECKGABE RE2")], parts)
    assert both == {1: [("entry", -10000)], 2: [("entry", -20000)]}


@pytest.mark.parametrize("text", ["Erstattung Retoure RE1", "REFUND RETURNED GOODS RE1"])
@pytest.mark.parametrize("amount", [10000, -10000])
def test_a_refund_for_goods_that_came_back_takes_no_payment_back(text: str, amount: int) -> None:
    """The invoice stays paid, and a vendor's would be paid twice; the bank's word is another."""
    original = paid(amount=amount, document_no="RE1")
    refund = back(20, -amount, text=text, type_code="NTRF")
    assert found([refund], [original]) == {}
    told = refund | {"text": "RUECKLASTSCHRIFT RE1"}
    assert list(found([told], [original])) == [1]
    assert list(found([refund | {"type_code": "NRTI"}], [original])) == [1]
