"""Who gets a statement, and why others get none."""

import dataclasses
import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from pipeline import cli, config, customer_accounts, ledger, statement_previews
from pipeline.ledger import as_of, reads
from pipeline.statements import Choice, Form, chosen

DAY = dt.date(2026, 10, 31)
CUSTOMER = {
    "no": "C1", "receivables_account": "1400", "customer_type": "dealer", "currency": "EUR",
    "statement_method": "email", "country": "DE", "project_parent": "P1", "active": "",
}  # fmt: skip


def entries(*rows: tuple[str, int, int]) -> list[dict[str, Any]]:
    """Currency, what is open in minor units, the day of October on which it is due."""
    return [
        {"currency": code, "remaining_amount": amount, "due_date": dt.date(2026, 10, day),
         "posting_date": dt.date(2026, 9, 1), "document_date": None}
        for code, amount, day in rows
    ]  # fmt: skip


OWING = entries(("EUR", 5_000, 1), ("EUR", -4_000, 1))


@pytest.mark.parametrize(
    ("choice", "reason"),
    [
        (Choice(), ""),
        (Choice(customers=("C1", "C2")), ""),
        (Choice(customers=("C2",)), "not_asked_for"),
        (Choice(accounts=("1410",)), "other_receivables_account"),
        (Choice(types=("dealer",), countries=("FR",)), "other_country"),
        (Choice(currencies=("CHF",)), "other_currency"),
        (Choice(methods=("print",)), "other_statement_method"),
        (Choice(projects=("P2",)), "other_project_parent"),
        (Choice(minimum=Decimal("10.00")), ""),
        (Choice(minimum=Decimal("10.01")), "below_minimum"),
        (Choice(overdue_days=29), ""),
        (Choice(overdue_days=30), "not_overdue"),
        (Choice(balances="owing"), ""),
    ],
)
def test_what_a_run_asks_of_a_customer(choice: Choice, reason: str) -> None:
    assert choice.leaves_out(CUSTOMER, OWING, DAY) == reason


def test_a_balance_of_zero_a_credit_and_one_in_another_currency() -> None:
    settled = entries(("EUR", 4_000, 1), ("EUR", -4_000, 1))
    credit = entries(("EUR", -4_000, 1))
    both = entries(("EUR", -4_000, 1), ("JPY", 90, 1))
    said = [
        [Choice(balances=wish).leaves_out(CUSTOMER, own, DAY) for wish in ("any", "open", "owing")]
        for own in (settled, credit, both)
    ]
    assert said == [
        ["", "zero_balance", "credit_balance"],
        ["", "", "credit_balance"],
        ["", "", ""],
    ]
    assert Choice(minimum=Decimal(90)).leaves_out(CUSTOMER, both, DAY) == "", "yen have no cents"


def test_who_is_not_active_is_left_out_when_asked() -> None:
    asleep = CUSTOMER | {"active": "false"}
    assert Choice().leaves_out(asleep, OWING, DAY) == ""
    assert Choice(inactive=False).leaves_out(asleep, OWING, DAY) == "inactive"
    assert Choice(inactive=False).leaves_out(CUSTOMER, OWING, DAY) == ""


def test_for_whom_nothing_moved_in_the_period_is_left_out_when_asked(
    sqlite_two_nights: config.Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Who still owes of an earlier month is told nothing new; cash in the period is."""
    day, first = dt.date(2026, 11, 30), dt.date(2026, 10, 29)
    with ledger.open(sqlite_two_nights.ledger) as book:
        head = reads.register_head(book)["no"]
        owing = {row["party_no"] for row in as_of.customer_entries(book, day, head).to_dicts()}
        moved = as_of.customer_movements(book, day, head).to_dicts()
    active = {row["party_no"] for row in moved if row["day"] >= first}
    assert owing - active, "somebody owes, and nothing moved"
    for style, wanted in (("open_item", owing & active), ("activity", active)):
        words = ["--ledger", sqlite_two_nights.ledger, "statements", "--as-of", str(day), "--from",
                 str(first), "--style", style, "--format", "json", "--out",
                 str(tmp_path / style)]  # fmt: skip
        assert cli.main([*words, "--moved-only"]) == 0
        assert f"no activity: {len(owing - active)}" in capsys.readouterr().out
        told = {path.name.split("-")[1] for path in (tmp_path / style).iterdir()}
        assert told == wanted


def test_what_is_shown_of_open_items_does_not_hang_on_what_was_asked_of_their_movements(
    sqlite_two_nights: config.Settings, tmp_path: Path
) -> None:
    form = Form("open_item", dt.date(2026, 10, 1), language="en")
    for name, choice in (("all", Choice()), ("moved", Choice(without_activity=False))):
        statement_previews.write(
            sqlite_two_nights, DAY, tmp_path / name, form, choice, formats=("json",)
        )
    moved = {path.name: path.read_bytes() for path in (tmp_path / "moved").iterdir()}
    assert moved == {name: (tmp_path / "all" / name).read_bytes() for name in moved}
    assert len(moved) > 10


def test_every_customer_gets_one_or_a_reason(
    sqlite_two_nights: config.Settings, tmp_path: Path
) -> None:
    def run(name: str, **asked: Any) -> dict[str, Any]:
        form = Form("balance_forward")
        return statement_previews.write(
            sqlite_two_nights, DAY, tmp_path / name, form, Choice(**asked)
        )

    everyone, owing = run("a"), run("b", balances="owing")
    for done, name in ((everyone, "a"), (owing, "b")):
        assert done["statements"] == len(list((tmp_path / name).iterdir()))
    total = everyone["statements"] + sum(everyone["skipped"].values())
    assert owing["statements"] + sum(owing["skipped"].values()) == total
    assert owing["skipped"]["credit_balance"] >= 1
    one = run("c", customers=("10010",))
    assert one["statements"] == 1
    assert one["skipped"]["not_asked_for"] >= total - 10


def test_the_command_line_says_who_got_none_and_why(
    sqlite_two_nights: config.Settings, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    words = ["--ledger", sqlite_two_nights.ledger, "statements", "--as-of", "2026-10-31", "--out",
             str(tmp_path), "--country", "US", "--min", "50.00", "--overdue-days", "3"]  # fmt: skip
    assert cli.main(words) == 0
    said = capsys.readouterr().out
    assert "other country: 20" in said
    with pytest.raises(SystemExit):
        cli.main([*words, "--min", "much"])
    assert "expected an amount such as 10.00" in capsys.readouterr().err


@pytest.mark.parametrize("usual", ["email", "print"])
def test_by_sending_method_who_wishes_nothing_goes_as_the_settings_say(
    sqlite_two_nights: config.Settings, usual: str
) -> None:
    """``--method email`` found nobody where no customer names a method."""
    settings = dataclasses.replace(
        sqlite_two_nights, statements={**sqlite_two_nights.statements, "method": usual}
    )
    with ledger.open(settings.ledger) as book:
        wishes = {c["no"]: c.get("statement_method", "") for c in as_of.customers(book)}
        register = reads.register_head(book)
        at = (register["no"], register["hash"])
        accounts, customers = customer_accounts.read(book, DAY, at, Form(), Choice(), settings)
    assert "" in wishes.values()
    wanted, _ = chosen(accounts, customers, Form(), Choice(methods=("email",)))
    found = {recipient.customer["no"] for recipient in wanted}
    assert found == {no for no in accounts.owing if (wishes[no] or usual) == "email"}
