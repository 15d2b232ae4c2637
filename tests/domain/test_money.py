"""Money is read exactly or refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.domain import money


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("1234,5", "EUR", 123450),
        ("0.05", "EUR", 5),
        ("+12", "CHF", 1200),
        ("-7.0", "JPY", -7),
        ("1.2340", "KWD", 1234),
        ("5,", "EUR", 500),
    ],
)
def test_an_amount_is_read_exactly(text: str, currency: str, minor: int) -> None:
    assert money.minor(text, currency) == minor


@pytest.mark.parametrize(
    "text",
    [
        "NaN",
        "Infinity",
        "1e5",
        "1_000",
        "\uff11\uff12",
        "\u0663",
        "1.234,56",
        "",
        ".5",
        "0.001",
        "1'000.00",
        "--1",
    ],
)
def test_what_is_no_plain_amount_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"amount|decimals"):
        money.minor(text, "EUR")


def test_an_unknown_currency_is_refused() -> None:
    with pytest.raises(ValueError, match="XXX"):
        money.minor("1", "XXX")


@given(st.integers(-money.LIMIT, money.LIMIT), st.sampled_from(["EUR", "JPY", "KWD", "CLF"]))
def test_writing_and_reading_gives_the_same_amount(amount: int, currency: str) -> None:
    written = money.text(amount, currency)
    assert money.minor(written, currency) == amount
