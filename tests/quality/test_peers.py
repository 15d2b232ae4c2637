"""What the baselines do, and the arithmetic that all peers share."""

import datetime as dt

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.quality import business_central, names
from benchmarks.quality.bc_facts import nearness
from benchmarks.quality.books import Books
from benchmarks.quality.figures import figures
from benchmarks.quality.judge import judge
from benchmarks.quality.settling import items, settle
from tests.quality.small_world import truth


def _rule(party: str, document: str, amount: str) -> tuple[int, str]:
    rules = business_central.rules()
    asked = (
        (pl.col("party") == party)
        & (pl.col("document") == document)
        & (pl.col("amount_fits") == amount)
    )
    return rules.filter(asked).select("score", "confidence").row(0)


def test_the_default_rules_of_business_central_score_as_published() -> None:
    assert _rule("fully", "multiple", "one") == (3998, "high")
    assert _rule("fully", "yes", "one") == (3996, "high")
    assert _rule("fully", "yes", "no") == (2998, "medium")
    assert _rule("partially", "yes", "multiple") == (2995, "medium")
    assert _rule("no", "yes", "one") == (2994, "medium")
    assert _rule("no", "no", "multiple") == (1995, "low")
    assert business_central.rules().filter(pl.col("confidence") == "high").height == 10


@pytest.mark.parametrize(
    ("text", "name", "near"),
    [
        ("weber maschinenbau ag", "weber maschinenbau ag", 100),
        ("zahlung weber maschinenbau ag danke", "weber maschinenbau ag", 100),
        ("maschinenbau weber", "weber maschinenbau", 100),  # the blank alone is too short to count
        ("weber gmbh", "maier gmbh", 70),
        ("abc", "abc", 0),
        ("weber", "weber maschinenbau ag", 0),
    ],
)
def test_string_nearness_takes_out_the_longest_common_parts(
    text: str, name: str, near: int
) -> None:
    assert nearness(text, name) == pytest.approx(near, abs=6)


def test_the_rules_post_what_names_its_document_and_fits_and_nothing_else(
    sample_books: Books,
) -> None:
    verdicts = judge(*truth(), business_central.answer(sample_books))
    posted = verdicts.filter("posted")["line_ref"].to_list()
    assert {"HB0001", "HB0002", "HB0008", "HB0022"} == set(posted)
    assert figures(verdicts)["posted_wrong"].item() == 0


def test_the_best_name_guesses_between_two_invoices_of_one_amount(sample_books: Books) -> None:
    verdicts = judge(*truth(), names.answer(sample_books))
    found = figures(verdicts).to_dicts()[0]
    assert (found["undecidable_posted"], found["posted_wrong"]) == (1, 1)
    assert found["posted_right"] == 3


def _case(amount: int, remaining: list[int], discount: int) -> pl.DataFrame:
    day = dt.date(2026, 10, 1)
    entries = pl.DataFrame(
        {
            "party_type": "customer", "party_no": "10010", "document_type": "invoice",
            "document_no": [f"RE-{n}" for n in range(len(remaining))], "instalment": 0,
            "currency": "EUR", "posting_date": day, "due_date": day,
            "remaining": remaining, "discount": [discount, *[0] * (len(remaining) - 1)],
            "late": day, **dict.fromkeys(("external_document_no", "payment_reference",
                                          "your_reference", "mandate_id"), ""),
        }
    )  # fmt: skip
    lines = pl.DataFrame(
        {"line_ref": ["A"], "bank_account_no": ["B"], "booking_date": [day], "value_date": [day],
         "amount": [amount], "currency": ["EUR"], "name": [""], "account": [""], "text": [""]}
    )  # fmt: skip
    none = pl.DataFrame(
        schema={"bank_account_no": pl.String, "entry_no": pl.String, "posting_date": pl.Date,
                "amount": pl.Int64, "party_type": pl.String, "party_no": pl.String,
                "document_no": pl.String, "check_no": pl.String, "batch_no": pl.String,
                "end_to_end_id": pl.String}
    )  # fmt: skip
    books = Books(pl.DataFrame(), pl.DataFrame(), entries, none, lines)
    every = items(books)
    chosen = every.select(pl.lit("A").alias("line_ref"), pl.lit(1, pl.Int64).alias("rank"), "item")
    return settle(chosen, books, every)


@given(
    st.integers(1, 10_000),
    st.lists(st.integers(1, 5_000), min_size=1, max_size=4),
    st.integers(0, 20),
)
def test_what_a_receipt_settles_is_the_receipt_whatever_it_pays(
    amount: int, remaining: list[int], discount: int
) -> None:
    discount = min(discount, remaining[0] - 1)
    parts = _case(amount, remaining, discount)
    assert parts["applied_amount"].sum() == amount
    settled = parts.filter(pl.col("target") == "entry")
    taken = settled["applied_amount"] + settled["discount_amount"] + settled["difference_amount"]
    assert (taken >= 0).all()
    assert taken.sum() <= sum(remaining)


@pytest.mark.parametrize(
    ("amount", "fit", "rows"),
    [
        (1_000, "exact", [("entry", 1_000, 0, 0)]),
        (980, "exact", [("entry", 980, 20, 0)]),
        (997, "tolerance", [("entry", 997, 0, 3)]),
        (979, "tolerance", [("entry", 979, 20, 1)]),
        (500, "short", [("entry", 500, 0, 0)]),
        (1_100, "over", [("entry", 1_000, 0, 0), ("on_account", 100, 0, 0)]),
    ],
)
def test_one_invoice_of_ten_euro_with_twenty_cents_of_discount(
    amount: int, fit: str, rows: list[tuple[str, int, int, int]]
) -> None:
    parts = _case(amount, [1_000], 20)
    columns = ("target", "applied_amount", "discount_amount", "difference_amount")
    assert parts.select(columns).rows() == rows
    assert set(parts["fit"]) == {fit}
