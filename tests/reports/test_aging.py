"""Aging: each entry in its band, unapplied money apart, and the whole is the control account."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from pipeline import config, ledger, reporting, steps
from pipeline.decisions import Wish, apply
from pipeline.demo import samples
from pipeline.ledger.export import export
from pipeline.ledger.verify import verify
from pipeline.reports.aging import COLUMNS, compose

DAY = dt.date(2026, 10, 31)
HEAD = {"as_of": DAY.isoformat(), "register": {"no": 1, "hash": ""}, "statement_events_since": 0}


def entry(remaining: int, due: dt.date = DAY, kind: str = "invoice", side: str = "customer") -> Any:
    return {
        "party_type": side, "party_no": "1", "control_account": "AR", "currency": "EUR",
        "document_type": kind, "posting_date": due, "due_date": due, "remaining": remaining,
    }  # fmt: skip


def aged(*entries: Any, balance: int | None = None) -> Any:
    whole = sum(row["remaining"] for row in entries) if balance is None else balance
    held = {"gl_account": "AR", "currency": "EUR", "amount": whole}
    return compose(HEAD, entries, [], [held])


@pytest.mark.parametrize(
    ("overdue", "band"),
    [
        (-40, "not_due"), (0, "not_due"), (1, "days_1_30"), (30, "days_1_30"), (31, "days_31_60"),
        (60, "days_31_60"), (61, "days_61_90"), (90, "days_61_90"), (91, "over_90"),
        (900, "over_90"),
    ],
)  # fmt: skip
@pytest.mark.parametrize(("side", "sign"), [("customer", 1), ("vendor", -1)])
def test_due_on_the_day_is_not_overdue(overdue: int, band: str, side: str, sign: int) -> None:
    report = aged(entry(sign * 1000, DAY - dt.timedelta(days=overdue), side=side))
    [party] = report["parties"]
    assert {name: party[name] for name in COLUMNS if Decimal(party[name])} == {
        band: f"{'-' * (sign < 0)}10.00",
        "balance": f"{'-' * (sign < 0)}10.00",
    }


def test_payments_and_credits_are_never_netted_into_a_band() -> None:
    old = DAY - dt.timedelta(days=100)
    report = aged(
        entry(1000, old), entry(-300, old, "payment"), entry(-200, old, "credit_memo"),
        entry(50, old, "refund"), entry(-25, old, "opening"),
    )  # fmt: skip
    [party] = report["parties"]
    assert (party["over_90"], party["unapplied"], party["balance"]) == ("10.00", "-4.75", "5.25")


def test_a_control_account_that_differs_is_a_problem() -> None:
    assert aged(entry(1000), balance=1000)["problems"] == []
    assert aged(entry(1000), balance=999)["problems"] == [
        "AR: the balance differs from its open entries by -0.01 EUR"
    ]


def test_an_invoice_of_later_date_does_not_close_before_it_is_posted(
    sqlite_settings: config.Settings,
) -> None:
    """Customer 10300 pays on 30 October what is invoiced on 2 November; a person applies it."""
    for night in ("night-1", "night-2"):
        steps.nightly(sqlite_settings, [samples() / night], "tester")
    with ledger.open(sqlite_settings.ledger) as book:
        items = export(book, "exceptions").to_dicts()
    [item] = [row for row in items if row["reason"] == "not_yet_posted"]
    apply(sqlite_settings, item["id"], Wish(documents=(("RE-2026-1039", ""),)), "anna")
    found = {}
    for day in (dt.date(2026, 10, 31), dt.date(2026, 11, 1), dt.date(2026, 11, 2)):
        report = reporting.aging(sqlite_settings, day, party_type="customer")
        assert report["problems"] == [], day
        found[day] = [p["unapplied"] for p in report["parties"] if p["party_no"] == "10300"]
    assert list(found.values()) == [["-915.11"], ["-915.11"], []]
    with ledger.open(sqlite_settings.ledger) as book:
        assert [check.invariant for check in verify(book) if check.violations] == []
