"""Own transfers in other currencies: which sides belong together, and a side that was wrong."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from pipeline import corrections, decisions, ledger, posting, steps
from pipeline.ledger.export import export
from pipeline.ledger.load import load
from pipeline.ledger.verify import verify
from tests.posting.golden_case import FOLDER, THEN, given

BANKS = {"EUR": "BANK", "USD": "BANK-2"}


def side(day: int, currency: str, amount: int, worth: int, **more: Any) -> dict[str, Any]:
    """A side on the account of its currency that names the other one; amounts debit positive."""
    other = BANKS["USD" if currency == "EUR" else "EUR"]
    bare = {"original_amount": 0, "original_currency": "", "whole": 1, "other": other}
    return {
        **bare, "day": dt.date(2026, 10, day), "currency": currency, "amount": amount,
        "worth": worth, "bank_account_no": BANKS[currency], **more,
    }  # fmt: skip


OUT = side(29, "EUR", 93000, 93000)
IN = side(30, "USD", -100000, -92500)


@pytest.mark.parametrize(
    ("sides", "found"),
    [
        ([OUT, IN], [(0, 1)]),
        ([OUT, {**IN, "other": ""}], [(0, 1)]),
        ([{**OUT, "other": ""}, {**IN, "other": ""}], []),
        ([OUT, {**IN, "other": "BANK-3"}], []),
        ([OUT, {**IN, "whole": 0}], []),
        ([OUT, {**IN, "worth": None}], []),
        ([OUT, {**IN, "worth": -80000}], []),
        ([OUT, {**IN, "day": dt.date(2026, 11, 9)}], []),
        ([OUT, IN, IN | {"place": "another of that day"}], []),
        ([OUT, IN | {"original_currency": "EUR", "original_amount": 93000}], [(0, 1)]),
        ([OUT, IN | {"original_currency": "EUR", "original_amount": 92999}], []),
        ([OUT, OUT | {"amount": 93100, "worth": 93100},
          IN | {"original_currency": "EUR", "original_amount": 93100}], [(1, 2)]),
    ],
    ids=["both name the other", "one names it", "none does", "another account", "a part of a line",
         "no value yet", "far from the rate", "a week later", "two that fit", "as the bank states",
         "a cent beside it", "the bank says which of two"],
)  # fmt: skip
def test_two_currencies_are_one_transfer_when_nothing_else_fits(
    sides: list[dict[str, Any]], found: list[tuple[int, int]]
) -> None:
    sides = [{**one, "n": place} for place, one in enumerate(sides)]
    assert [(a["n"], b["n"]) for a, b in posting.pairs(sides)] == found


def test_a_side_that_is_reversed_takes_the_difference_back_and_posted_again_it_comes_again(
    url: str, tmp_path: Path
) -> None:
    """No rate at first; both sides get their value, then their difference; then one is wrong."""
    story = (FOLDER / "currency-own-transfer.md").read_text("utf-8").partition(THEN)[0]
    rates, late = story.index("```csv rates"), story.index("```mt940 BANK\n")
    settings = given(story[:rates] + story[late:], url, tmp_path, gap=True)
    (tmp_path / "rates.csv").write_text(story[rates:late].split("\n", 1)[1].split("```")[0])

    def realised() -> list[str]:
        with ledger.open(settings.ledger) as book:
            assert [(c.invariant, c.ids) for c in verify(book) if c.violations] == []
            rows = export(book, "gl", company_currency="CHF").filter(gl_account="FX-LOSS")
        return rows["amount_company"].to_list()

    def night() -> int:
        return int(
            steps.nightly(settings, [tmp_path / "inbox"], "tester")["reconcile"]["exchanged"]
        )

    assert night() == 0
    with ledger.open(settings.ledger) as book:
        load(book, "rates", tmp_path / "rates.csv", settings, actor="tester")
    assert steps.value(settings, "tester") == {"valued": 2, "exchanged": 1}
    assert realised() == ["10.00"]
    assert night() == 0

    corrections.reverse(settings, ["BANK-2/1/1"], "anna", "no transfer")
    assert sorted(realised()) == ["-10.00", "10.00"]
    assert night() == 0, "one side alone realises nothing"
    with ledger.open(settings.ledger) as book:
        items = export(book, "exceptions").filter(line_no=1, bank_account_no="BANK-2")["id"]
    wish = decisions.Wish(accounts=(("transfers", ""),))
    assert decisions.apply(settings, int(items[0]), wish, "anna")["status"] == "resolved"
    night()
    assert sorted(realised()) == ["-10.00", "10.00", "10.00"]


def test_days_that_come_at_once_ask_about_no_side_that_is_cleared_at_their_end(
    url: str, tmp_path: Path
) -> None:
    story = (FOLDER / "currency-own-exchange.md").read_text("utf-8").partition(THEN)[0]
    settings = given(story, url, tmp_path)
    head = ":20:G9\n:25:DE38500400000123456700\n:28C:2/1\n:60F:D261029EUR930,00\n"
    fee = ":61:2611101110D1,00NCHGNONREF//F1\n:86:808?20SVWZ+Kontogebuehr\n"
    later = tmp_path / "inbox" / "later.sta"
    later.write_text(f"{head}{fee}:62F:D261110EUR931,00\n-\n", "ascii")
    for exchanged in (1, 0):
        night = steps.nightly(settings, [tmp_path / "inbox"], "tester")
        assert night["reconcile"]["exchanged"] == exchanged
        with ledger.open(settings.ledger) as book:
            assert export(book, "exceptions").rows() == []
