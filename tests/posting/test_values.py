"""Values of payments in another currency: any split takes all that an entry is carried at."""

import datetime as dt
from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.domain import frames, rates, values
from pipeline.posting.values import Known, of_rows

DAY = dt.date(2026, 10, 29)
CODES = ("EUR", "JPY", "KWD", "USD")


@st.composite
def payments(draw: st.DrawFn) -> dict[str, Any]:
    """An entry, what it is carried at, and payments that settle it, each with a rate of its day."""
    parts = draw(st.lists(st.integers(1, 10**9), min_size=1, max_size=8))
    said = draw(st.lists(st.integers(1, 10**8), min_size=len(parts), max_size=len(parts)))
    side = draw(st.sampled_from((1, -1)))
    return {
        "parts": [side * part for part in parts],
        "company": side * draw(st.integers(0, 10**12)),
        "currency": draw(st.sampled_from(CODES)),
        "rates": [f"{rate // 10**4}.{rate % 10**4 + 1:04}" for rate in said],
    }


def valued(found: dict[str, Any], first: int, last: int, used: pl.DataFrame) -> pl.DataFrame:
    """The rows of the payments from ``first`` to ``last``, after those that were ``used``."""
    numbers = range(first, last)
    keys = [f"{number:02}" for number in numbers]
    base = pl.DataFrame(
        {
            "key": keys, "line_id": list(numbers), "currency": found["currency"],
            "posting_date": [DAY + dt.timedelta(days=number) for number in numbers],
            "clearing_account": None, "amount": 0, "charges": 0, "original_amount": 0,
            "original_currency": "",
        },
        schema_overrides={"clearing_account": pl.String},
    )  # fmt: skip
    amounts = found["parts"][first:last]
    rows = pl.DataFrame(
        {
            "key": keys, "line_id": list(numbers), "seq": 1, "currency": found["currency"],
            "entry_currency": found["currency"],
            "target": "entry", "target_id": 7, "applied_amount": amounts, "entry_amount": amounts,
            "discount_amount": 0, "difference_amount": 0,
        }
    )  # fmt: skip
    carried = {
        "target": "entry", "target_id": 7, "start_amount": sum(found["parts"]),
        "start_company": found["company"], "used_amount": used["entry_amount"].sum(),
        "used_company": used["entry_company"].sum(),
    }  # fmt: skip
    table = [
        (found["currency"], DAY + dt.timedelta(days=number), rate)
        for number, rate in enumerate(found["rates"])
    ]
    known = Known(
        company="CHF",
        age=0,
        rates=pl.DataFrame(table, schema=values.RATES, orient="row"),
        carried=pl.DataFrame([carried], schema=values.CARRIED),
        applied=frames.empty(values.APPLIED),
        parked=pl.DataFrame(schema={"line_id": pl.Int64, "rate": pl.String, "rate_date": pl.Date}),
    )
    return of_rows(base, rows, known)[0]


@given(payments())
@settings(max_examples=150, deadline=None)
def test_any_split_takes_all_and_realises_the_difference_once(found: dict[str, Any]) -> None:
    count = len(found["parts"])
    nothing = pl.DataFrame({"entry_amount": [0], "entry_company": [0]})
    once = valued(found, 0, count, nothing)
    singly = nothing
    for number in range(count):
        own = valued(found, number, number + 1, singly)
        assert own["entry_company"].item() == once["entry_company"][number], "one by one or at once"
        singly = pl.concat([singly, own.select(singly.columns)])
    assert once["entry_company"].sum() == found["company"]
    received = once["applied_company"].sum()
    assert once["fx_company"].sum() == found["company"] - received
    side = 1 if found["parts"][0] > 0 else -1
    assert (once["entry_company"] * side >= 0).all()


@given(st.integers(-(10**12), 10**12), st.sampled_from(CODES), st.integers(1, 10**8))
def test_what_is_taken_back_is_worth_as_much(amount: int, currency: str, rate: int) -> None:
    frame = pl.DataFrame({"currency": [currency] * 2, "rate": [f"{rate}e-4"] * 2,
                          "amount": [amount, -amount]})  # fmt: skip
    found = rates.with_factor(frame, "CHF")
    worth = found.select(rates.worth(pl.col("amount"), pl.col("up"), pl.col("down")))
    assert worth.to_series().sum() == 0


def test_decimals_of_both_currencies_count() -> None:
    """163.70 yen, 0.3448 dinars and 0.93 francs are one euro."""
    for company, rate, expected in (
        ("JPY", "0.0061087355", 1719), ("KWD", "2.9", 3621), ("CHF", "1.0752688172", 977),
    ):  # fmt: skip
        frame = pl.DataFrame({"currency": ["EUR"], "rate": [rate], "amount": [1050]})
        found = rates.with_factor(frame, company)
        worth = found.select(rates.worth(pl.col("amount"), pl.col("up"), pl.col("down"))).item()
        assert worth == expected


def test_a_release_is_worth_what_its_parking_was_at_whichever_rate() -> None:
    """100.00 euros that the bank states as 96.00 francs, parked by an older release at 0.93."""
    base = pl.DataFrame(
        {
            "key": ["a"], "line_id": [1], "currency": ["EUR"], "posting_date": [DAY],
            "clearing_account": ["CLEARING"], "amount": [10000], "charges": [0],
            "original_amount": [9600], "original_currency": ["CHF"],
        }
    )  # fmt: skip
    rows = pl.DataFrame(
        {
            "key": ["a"], "line_id": [1], "seq": [1], "currency": ["EUR"],
            "entry_currency": ["EUR"], "target": ["on_account"], "target_id": [0],
            "applied_amount": [10000], "entry_amount": [0], "discount_amount": [0],
            "difference_amount": [0],
        }
    )  # fmt: skip
    for parked, expected in (([], 9600), ([(1, "1.0752688172", DAY)], 9300)):
        schema = {"line_id": pl.Int64, "rate": pl.String, "rate_date": pl.Date}
        known = Known(
            company="CHF",
            age=0,
            rates=pl.DataFrame(schema=values.RATES),
            carried=frames.empty(values.CARRIED),
            applied=frames.empty(values.APPLIED),
            parked=pl.DataFrame(parked, schema=schema, orient="row"),
        )
        assert of_rows(base, rows, known)[0]["line_company"].to_list() == [expected]
