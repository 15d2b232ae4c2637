"""Who is asked for what, by which kind of payment part, and what its code says."""

import datetime as dt
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.domain.errors import UsageError
from pipeline.feeds.references import payment_reference
from pipeline.statements import Form, PaymentPart, compose, paying, payment_parts
from pipeline.statements.payment_reference import creditor_reference, in_groups, qrr
from tests.statements.test_styles import MOVEMENTS, entry

DAY = dt.date(2026, 10, 31)
QR_IBAN, SWISS, SEPA = "CH4431999123000889012", "CH9300762011623852957", "DE38500400000123456700"
COMPANY = {"name": "Hansen AG", "address": "Werkstrasse 7", "postcode": "4052", "city": "Basel",
           "country": "CH"}  # fmt: skip
Row = dict[str, Any]


def account(no: str, currency: str, iban: str, *ids: str) -> Row:
    return {"bank_account_no": no, "name": f"Bank {no}", "currency": currency, "iban": iban,
            "account_ids": list(ids)}  # fmt: skip


def customer(country: str = "CH", **more: Any) -> Row:
    return {"no": "C1", "name": "Küng AG", "name_2": "", "address": "Gasse 1", "postcode": "8001",
            "city": "Zürich", "country": country, "language": "de"} | more  # fmt: skip


def frame(*rows: Row) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema_overrides={"discount_date": pl.Date})


def asked(
    entries: pl.DataFrame,
    accounts: list[Row],
    who: Row | None = None,
    company: dict[str, str] = COMPANY,
    pay_to: dict[str, str] | None = None,
) -> list[PaymentPart]:
    found = payment_parts(entries, [who or customer()], accounts, company, pay_to or {})
    return found.get("C1", [])


OWED = frame(entry("1", 2, 10_000, currency="CHF"))
EURO = frame(entry("1", 2, 10_000))
CHF = [account("A", "CHF", SWISS)]
EUR = [account("B", "EUR", SEPA)]


def test_nobody_is_asked_to_pay_to_no_account() -> None:
    """A QR-IBAN takes QR references alone, which customers abroad cannot give."""
    only = [account("A", "CHF", QR_IBAN)]
    assert [part.account for part in asked(OWED, only)] == [QR_IBAN]
    assert asked(OWED, only, customer("DE")) == []


@pytest.mark.parametrize(
    ("entries", "accounts", "who", "company", "kind", "paid_to"),
    [
        (OWED, CHF, customer(), COMPANY, "qr_bill", SWISS),
        (OWED, [account("A", "CHF", SWISS, "700", QR_IBAN)], customer(), COMPANY, "qr_bill",
         QR_IBAN),
        (OWED, [account("A", "CHF", "", SWISS, QR_IBAN)], customer("DE"), COMPANY, "printed",
         SWISS),
        (OWED, CHF, customer(), COMPANY | {"city": ""}, "printed", SWISS),
        (EURO, [account("A", "EUR", SWISS)], customer("LI"), COMPANY, "qr_bill", SWISS),
        (EURO, [account("A", "EUR", SWISS)], customer("DE"), COMPANY, "printed", SWISS),
        (EURO, EUR, customer("CH"), COMPANY, "epc", SEPA),
        (EURO, EUR, customer("FR"), COMPANY, "epc", SEPA),
        (EURO, EUR, customer("FR"), COMPANY | {"name": ""}, "printed", SEPA),
        (EURO, [account("A", "EUR", "", "700123")], customer("DE"), COMPANY, "printed", "700123"),
    ],
)  # fmt: skip
def test_the_kind_goes_by_currency_account_and_country(
    entries: pl.DataFrame,
    accounts: list[Row],
    who: Row,
    company: dict[str, str],
    kind: str,
    paid_to: str,
) -> None:
    (part,) = asked(entries, accounts, who, company)
    assert (part.kind, part.account) == (kind, paid_to)
    assert part.payment_reference.isdecimal() == (paid_to == QR_IBAN)
    assert payment_reference(part.payment_reference) == part.payment_reference


def test_more_than_a_code_can_say_is_printed() -> None:
    most = frame(entry("1", 2, 99_999_999_999, currency="CHF"))
    assert asked(most, CHF)[0].kind == "qr_bill"
    more = frame(entry("1", 2, 100_000_000_000, currency="CHF"))
    assert asked(more, CHF)[0].kind == "printed"


def test_one_part_a_currency_over_what_is_to_be_paid() -> None:
    entries = frame(
        entry("1", 2, 10_000, currency="CHF"),
        entry("2", 3, -1_500, currency="CHF", document_type="credit_memo"),
        entry("3", 3, 2_000, currency="CHF", on_hold="dispute"),
        entry("4", 3, 3_000, currency="CHF", mandate_id="M1"),
        entry("5", 4, 700),
        entry("6", 4, 900, currency="USD"),
    )
    found = asked(entries, [*CHF, *EUR])
    assert [(p.currency, p.amount, p.entries) for p in found] == [
        ("CHF", 8_500, ((2, -1_500), (1, 10_000))),
        ("EUR", 700, ((5, 700),)),
    ], "no bank account in dollars: nothing to pay to"


@pytest.mark.parametrize("amounts", [(-100,), (100, -100), (100, -101), ()])
def test_nobody_is_asked_for_a_balance_that_is_not_owed(amounts: tuple[int, ...]) -> None:
    rows = [entry(str(n), 2, amount, currency="CHF") for n, amount in enumerate(amounts, 1)]
    assert asked(frame(*rows) if rows else OWED.clear(), CHF) == []


def test_settings_say_which_account_else_it_is_the_first() -> None:
    both = [account("A", "CHF", SWISS), account("B", "CHF", "LI21088100002324013AA")]
    assert asked(OWED, both)[0].account == SWISS
    assert asked(OWED, both, pay_to={"CHF": "B"})[0].account.startswith("LI")
    with pytest.raises(UsageError, match=r"pay_to CHF: found 'X', expected .* CHF .known: A, B"):
        asked(OWED, both, pay_to={"CHF": "X"})


def test_a_reference_is_what_it_stands_for() -> None:
    again = asked(OWED.with_columns(pl.lit(77).alias("entry_id")), CHF)[0]
    first = asked(OWED, CHF)[0]
    assert again.payment_reference == first.payment_reference, "on any ledger"
    part_paid = OWED.with_columns(pl.lit(9_999).alias("remaining_amount"))
    other = asked(part_paid, CHF)[0].payment_reference
    someone = payment_parts(
        OWED.with_columns(pl.lit("C2").alias("party_no")), [customer(no="C2")], CHF, COMPANY, {}
    )
    assert len({first.payment_reference, other, someone["C2"][0].payment_reference}) == 3


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=8), st.integers(0, 26), st.integers(1, 9))
def test_one_wrong_digit_is_no_reference(said: str, place: int, by: int) -> None:
    for reference in (qrr([said]), creditor_reference([said])):
        at = 2 + place % 20 if reference.startswith("RF") else place
        wrong = reference[:at] + str((int(reference[at]) + by) % 10) + reference[at + 1 :]
        assert payment_reference(f"Danke {reference}") == reference
        assert payment_reference(wrong) == ""


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=8), st.sampled_from(["", "danke", "1234", "Kd 4711 1234 5678"]))
def test_in_groups_it_is_read_as_it_was_printed(said: str, behind: str) -> None:
    """What follows may belong to it by its check digits; then it is nothing, never another."""
    for reference in (qrr([said]), creditor_reference([said])):
        printed = in_groups(reference)
        assert payment_reference(f"Zahlung {printed}") == reference
        assert payment_reference(f"Zahlung {printed} {behind}") in (reference, "")


def test_names_cannot_add_fields_to_a_code() -> None:
    who = customer(name="Küng\nAG\r\nCH99", city="Zürich\x00")
    parts = asked(OWED, CHF, who)
    data = paying(who, OWED, parts, CHF, COMPANY, DAY, Form())
    fields = data["payment_parts"][0]["payload"].split("\n")
    assert len(fields) == 31
    assert fields[20:27] == ["S", "Küng AG CH99", "Gasse 1", "", "8001", "Zürich", "CH"]


def test_letters_that_a_swiss_code_cannot_hold_leave_the_payer_to_be_written() -> None:
    who = customer(name="Иванов", city="София")
    data = paying(who, OWED, asked(OWED, CHF, who), CHF, COMPANY, DAY, Form())
    part = data["payment_parts"][0]
    assert part["payload"].split("\n")[20:27] == [""] * 7
    assert part["payer"] == []


def test_many_entries_are_counted_on_the_part_and_all_in_its_reference() -> None:
    many = frame(*[entry(str(n), 2, 100, currency="CHF") for n in range(1, 31)])
    parts = asked(many, CHF)
    assert len(parts[0].entries) == 30
    shown = paying(customer(), many, parts, CHF, COMPANY, DAY, Form())["payment_parts"][0]
    assert len(shown["covers"]) == 12
    assert shown["more"] == "und 18 weitere"


def test_what_less_may_be_paid_until_when_and_what_is_not_asked_for() -> None:
    rows = [
        entry("1", 2, 10_000, discount_amount=200, discount_date=DAY, discount_amount_2=100,
              discount_date_2=dt.date(2026, 11, 9)),
        entry("2", 2, 10_000, discount_amount=200, discount_date=dt.date(2026, 10, 30)),
        entry("3", 2, 10_000, remaining_amount=9_000, discount_amount=200, discount_date=DAY),
        entry("4", 2, 10_000, on_hold="Dispute 17"),
        entry("5", 2, 10_000, on_hold="source_conflict"),
        entry("6", 2, 10_000, mandate_id="M1"),
    ]  # fmt: skip
    kinds = {"discount_date": pl.Date, "discount_date_2": pl.Date}
    entries = pl.DataFrame(rows, schema_overrides=kinds)
    form = Form(language="en-GB")
    data = compose(customer(), entries, MOVEMENTS.clear(), DAY, form, "Hansen AG", "")
    notes = {row["document"]: row["notes"] for row in data["currencies"][0]["owed"]}
    assert notes == {
        "RE-1": ["cash discount of 2.00 until 31 Oct 2026",
                 "cash discount of 1.00 until 9 Nov 2026"],
        "RE-2": [], "RE-3": [], "RE-4": ["in dispute"], "RE-5": ["on hold"],
        "RE-6": ["by direct debit"],
    }  # fmt: skip
