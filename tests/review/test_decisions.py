"""What people decide after two nights of the sample company, through the command line.

Each story ends as a night ends: the books hold, the bank proof ties, and the same files and
decisions again write nothing.
"""

from pathlib import Path

import polars as pl
import pytest

from pipeline import config, steps
from tests.review.desk import Desk, desk_of


def test_of_two_equal_invoices_a_person_accepts_the_second(desk: Desk) -> None:
    number = desk.id("DE-EUR/211/4")
    done = desk.run("accept", number, "--rank", "2", "--reason", "customer confirmed by phone")
    assert (done["changed"], done["status"]) == (True, "resolved")
    assert done["posted"] == ["RE-2026-1007 of customer 10050: 250.00 EUR"]
    assert desk.applied("DE-EUR/211/4") == [("RE-2026-1007", "", "250.00", "accepted")]
    assert desk.remaining("RE-2026-1006") == ["250.00"]
    assert desk.registers()[-1] == ("decision", "anna", "customer confirmed by phone")
    desk.holds()


def test_the_same_decision_twice_changes_nothing_more(desk: Desk) -> None:
    number = desk.id("DE-EUR/211/4")
    desk.run("apply", number, "--to", "RE-2026-1006")
    count = len(desk.registers())
    again = desk.run("apply", number, "--to", "RE-2026-1006")
    assert (again["changed"], again["outcome"]) == (False, "posted")
    other = desk.run("apply", number, "--to", "RE-2026-1007", code=1)
    assert "settled already: apply by anna" in other["error"]
    assert len(desk.registers()) == count
    desk.holds()


def test_what_was_rejected_is_never_proposed_again(desk: Desk) -> None:
    number = desk.id("DE-EUR/211/4")
    desk.run("reject", number, "--reason", "1006 is disputed")
    desk.run("reject", number)  # said twice: once is enough
    documents = [row["document_no"] for row in desk.run("show", number)["proposals"]]
    assert documents == ["RE-2026-1007"]
    desk.holds()
    documents = [row["document_no"] for row in desk.run("show", number)["proposals"]]
    assert documents == ["RE-2026-1007"], "also after another night"
    desk.run("accept", number)
    assert desk.remaining("RE-2026-1007") == ["0.00"]
    desk.holds()


def test_a_payment_is_split_over_documents_part_amounts_and_an_account(lite: Desk) -> None:
    number = lite.id("DE-EUR/212/2")
    left = lite.run("apply", number, "--to", "RE-2026-1034=400", code=2)["error"]
    assert "100.00 EUR of the line is not explained" in left
    credit = ("--to", "GS-2026-0012=-50", "--account", "bank_fees=500", "--on-account")
    said = lite.run("apply", number, *credit, "customer/10440", code=2)["error"]
    assert "give back what would stay on account" in said
    words = ("--to", "RE-2026-1034=400", "--to", "RE-2026-1035=112.00",
             "--account", "bank_fees=-12.00")  # fmt: skip
    lite.run("apply", number, *words)
    assert lite.applied("DE-EUR/212/2") == [
        ("RE-2026-1034", "", "400.00", "manual"),
        ("RE-2026-1035", "", "112.00", "manual"),
        ("", "BANK-FEES", "-12.00", "manual"),
    ]
    assert lite.remaining("RE-2026-1034") == ["790.00"]
    lite.holds()


def test_an_unknown_payer_is_put_on_account_of_a_customer(lite: Desk) -> None:
    number = lite.id("FR-EUR/43/1")
    assert (
        "no party has this number"
        in lite.run("apply", number, "--on-account", "99999", code=2)["error"]
    )
    lite.run("apply", number, "--on-account", "customer/10010")
    row = lite.exported("applications").filter(pl.col("confidence") == "manual").to_dicts()[0]
    assert (row["party_no"], row["document_no"], row["applied_amount"]) == ("10010", "", "100.00")
    lite.holds()


def test_an_overpayment_pays_the_invoice_and_the_rest_stays_on_account(lite: Desk) -> None:
    number = lite.id("DE-EUR/212/2")
    lite.run("apply", number, "--to", "RE-2026-1035")
    assert lite.applied("DE-EUR/212/2") == [
        ("", "", "262.00", "manual"),
        ("RE-2026-1035", "", "238.00", "manual"),
    ]
    lite.holds()


def test_a_line_is_booked_to_accounts_and_never_to_a_control_account(desk: Desk) -> None:
    number = desk.id("DE-EUR/212/4")
    for word, said in (("AR", "control account"), ("receivables", "control account"),
                       ("BANK-DE-EUR", "control account"), ("bank_fess", "did you mean bank_fees"),
                       ("CLEARING", "control account")):  # fmt: skip
        assert said in desk.run("to-account", number, word, code=2)["error"]
    desk.run("to-account", number, "interest_expense=-7", "bank_fees")
    assert desk.applied("DE-EUR/212/4") == [
        ("", "BANK-FEES", "-70.00", "manual"),
        ("", "INTEREST-EXPENSE", "-7.00", "manual"),
    ]
    desk.holds()


def test_a_check_of_another_amount_confirms_its_bank_entry_in_part(lite: Desk) -> None:
    number = lite.id("FR-EUR/42/4")
    lite.run("apply", number, "--to", "bank:1187=560.00")
    rows = lite.exported("bank-entries").filter(pl.col("check_no") == "1187").to_dicts()
    assert [row["status"] for row in rows] == ["open"], "90.00 of the check are still outstanding"
    assert lite.applied("FR-EUR/42/4")[0][2:] == ("-560.00", "manual")
    lite.holds()


def test_a_person_may_grant_the_discount_that_is_due_but_no_other_alone(lite: Desk) -> None:
    number = lite.id("DE-EUR/212/2")
    done = lite.run("apply", number, "--to", "RE-2026-1035=228", "--discount", "10",
                    "--on-account")  # fmt: skip
    assert done["outcome"] == "waiting"
    lite.holds()


def test_only_lines_that_cancel_each_other_can_be_dismissed(lite: Desk) -> None:
    one, other = lite.id("DE-EUR/212/4"), lite.id("DE-EUR/212/2")
    alone = lite.run("dismiss", one, code=2)["error"]
    assert "part of the bank's balance" in alone
    assert "do not cancel" in lite.run("dismiss", one, "--with", other, code=2)["error"]
    lite.holds()


def test_people_note_and_assign(lite: Desk) -> None:
    number = lite.id("DE-EUR/212/4")
    lite.run("assign", number, "--to", "bert")
    lite.run("comment", number, "no contract found")
    assert lite.run("comment", number, "no contract found")["changed"] is False
    assert [row["id"] for row in lite.run("list", "--assigned-to", "bert")["exceptions"]] == [
        int(number)
    ]
    said = [(row["action"], row["reason"]) for row in lite.run("show", number)["history"]]
    assert said == [("assign", ""), ("comment", "no contract found")]
    lite.holds()


def test_unknown_things_are_named(lite: Desk) -> None:
    number = lite.id("DE-EUR/212/2")
    for words, said in (
        (("apply", "9999", "--to", "X"), "exception 9999 does not exist"),
        (("apply", number, "--to", "RE-9"), "RE-9: no open entry"),
        (("apply", number, "--to", "RE-2026-1034=1190.005"), "more than 2 decimals"),
        (("apply", number, "--to", "RE-2026-1035=900"), "open is 238.00"),
        (("apply", number, "--to", "RE-2026-1044"), "RE-2026-1044: is in CHF"),
        (("accept", number), "leaves 500.00 EUR unexplained"),
        (("accept", number, "--rank", "4"), "there is no proposal of rank 4"),
    ):
        assert said in lite.run(*words, code=2)["error"]
    lite.holds()


def test_the_last_line_that_is_decided_lets_its_statement_close(
    settings: config.Settings, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    desk = desk_of(settings, capsys, tmp_path, 'park = "never"\n')
    done = desk.run("apply", desk.id("FR-EUR/42/4"), "--to", "bank:1187=560.00")
    assert done["reconciled"] == 1
    status = desk.exported("statements").filter(pl.col("statement_no") == "42")["status"]
    assert status.to_list() == ["reconciled"]
    desk.holds()


def test_a_pair_that_cancels_itself_ends_and_both_lines_stay_booked(
    sqlite_settings: config.Settings, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    desk = desk_of(sqlite_settings, capsys, tmp_path)
    file = tmp_path / "astray.sta"
    file.write_text(
        ":20:HB\n:25:DE38500400000123456700\n:28C:900/1\n:60F:C261031EUR1,00\n"
        ":61:2610311031C75,00NTRFNONREF//A\n:86:166?20SVWZ+Irrlaeufer\n"
        ":61:2610311031D75,00NTRFNONREF//B\n:86:166?20SVWZ+Irrlaeufer zurueck\n"
        ":62F:C261031EUR1,00\n-\n"
    )
    steps.nightly(desk.settings, [file], "tester")
    one, other = desk.id("DE-EUR/900/1"), desk.id("DE-EUR/900/2")
    desk.run("dismiss", one, "--with", other, "--reason", "the bank's mistake")
    assert desk.run("dismiss", one, "--with", other)["changed"] is False
    assert desk.run("show", other)["status"] == "resolved"
    amounts = [desk.applied(f"DE-EUR/900/{n}")[0][2] for n in (1, 2)]
    assert amounts == ["75.00", "-75.00"], "nothing is removed, the account nets to zero"
    assert len([row for row in desk.registers() if row[0] == "decision"]) == 1
    desk.holds()


def test_a_held_statement_is_listed_as_what_it_is(lite: Desk, tmp_path: Path) -> None:
    file = tmp_path / "short.sta"
    file.write_text(
        ":20:HB\n:25:DE38500400000123456700\n:28C:901/1\n:60F:C261031EUR1,00\n"
        ":61:2612311231C75,00NTRFNONREF//A\n:86:166?20SVWZ+x\n:62F:C261231EUR99,00\n-\n"
    )
    ages = sorted(row["age_days"] for row in lite.run("list")["exceptions"])
    steps.nightly(lite.settings, [file], "tester")
    listed = [row["age_days"] for row in lite.run("list")["exceptions"]]
    assert sorted(listed) == ages, "by what is booked"
    open_ones = lite.exported("exceptions").filter(pl.col("status") == "open")
    assert sorted(open_ones["age_days"]) == ages, "an export says the same"
    held = lite.run("list")["held_statements"]
    names = ("statement_no", "reason", "line_count", "to_date")
    assert [[row[name] for name in names] for row in held] == [
        ["901", "does_not_tie", 1, "2026-12-31"]
    ]
    lite.holds()
