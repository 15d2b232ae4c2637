"""Two people at one item, and what a second one has to accept."""

import subprocess
import sys
from pathlib import Path

import pytest

from pipeline import config, decisions, ledger, steps, teaching
from tests.page.desk import Browser, app_of
from tests.review.desk import PARKED, Desk, desk_of


def test_two_people_decide_the_same_item_and_the_second_is_told(desk: Desk) -> None:
    number = desk.id("DE-EUR/211/4")
    shown = desk.run("show", number)["version"]
    desk.run("accept", number, "--seen", shown, user="anna")
    late = desk.run("accept", number, "--rank", "2", "--seen", shown, user="bert", code=1)
    assert "accept by anna" in late["error"]
    assert desk.applied("DE-EUR/211/4") == [("RE-2026-1006", "", "250.00", "accepted")]
    desk.holds()


def test_a_decision_on_what_was_shown_before_it_changed_is_refused(lite: Desk) -> None:
    number = lite.id("DE-EUR/211/4")
    shown = lite.run("show", number)["version"]
    lite.run("reject", number, user="bert")
    late = lite.run("accept", number, "--seen", shown, user="anna", code=1)
    assert "changed since it was shown" in late["error"]
    assert "reject by bert" in late["error"]
    assert lite.applied("DE-EUR/211/4") == PARKED
    lite.holds()


def test_a_write_off_waits_for_a_second_person(desk: Desk) -> None:
    number = desk.id("DE-EUR/211/4")
    words = ("apply", number, "--to", "RE-2026-1006=240", "--write-off", "10",
             "--account", "bank_fees=10")  # fmt: skip
    done = desk.run(*words, user="anna")
    assert (done["outcome"], done["needs_approval"]) == ("waiting", "write_off_line")
    assert desk.run(*words, user="anna")["changed"] is False
    item = desk.run("show", number)
    assert (item["reason"], item["proposals"][0]["confidence"]) == ("needs_approval", "manual")
    for name in ("anna", "ANNA "):
        refused = desk.run("accept", number, user=name, code=1)
        assert "a second person must accept it" in refused["error"]
    desk.holds()
    assert desk.applied("DE-EUR/211/4") == PARKED, "no night posts what waits for a person"
    desk.run("accept", number, user="bert")
    assert desk.remaining("RE-2026-1006") == ["0.00"]
    history = desk.run("show", number)["history"]
    assert [(row["actor"], row["prepared_by"]) for row in history] == [
        ("anna", ""),
        ("bert", "anna"),
    ]
    desk.holds()


@pytest.mark.parametrize("account", ["tolerance", "rounding", "withholding_tax"])
def test_what_an_account_takes_over_of_a_document_waits_as_a_write_off_does(
    lite: Desk, account: str
) -> None:
    """510.00 of the document for a line of 500.00: whatever takes the 10.00, it is given up."""
    number = lite.id("DE-EUR/212/2")
    words = ("apply", number, "--to", "RE-2026-1034=510", "--account", f"{account}=-10")
    done = lite.run(*words, user="anna")
    assert (done["outcome"], done["needs_approval"]) == ("waiting", "write_off_line")
    assert "must accept it" in lite.run("accept", number, user="anna", code=1)["error"]
    assert lite.remaining("RE-2026-1034") == ["1190.00"]
    lite.run("accept", number, user="bert")
    assert lite.remaining("RE-2026-1034") == ["680.00"]
    lite.holds()


def test_charges_on_their_account_post_up_to_the_limit_of_charges(lite: Desk) -> None:
    number = lite.id("DE-EUR/212/2")
    more = ("--to", "RE-2026-1034=530.01", "--account", "bank_charges=-30.01")
    assert lite.run("apply", number, *more, "--preview")["needs_approval"] == "write_off_line"
    done = lite.run("apply", number, "--to", "RE-2026-1034=530", "--account", "bank_fees=-30")
    assert "outcome" not in done
    assert lite.remaining("RE-2026-1034") == ["660.00"]
    lite.holds()


def test_a_proposed_write_off_waits_for_a_second_person_too(
    sqlite_settings: config.Settings, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    none = "tolerance_percent = 0\n"
    desk = desk_of(sqlite_settings, capsys, tmp_path, none)
    number = desk.id("DE-EUR/211/10")
    assert desk.run("show", number)["proposals"][0]["rule"] == "document_write_off"
    done = desk.run("accept", number, user="anna")
    assert (done["outcome"], done["needs_approval"]) == ("waiting", "write_off_line")
    assert desk.applied("DE-EUR/211/10") == [("", "CLEARING", "499.97", "none")]
    assert desk.run("accept", number, user="anna")["changed"] is False
    refused = desk.run("accept", number, user="ANNA ", code=1)
    assert "a second person must accept it" in refused["error"]
    desk.run("accept", number, user="bert")
    assert desk.remaining("RE-2026-1016") == ["0.00"]
    desk.holds()


def test_a_second_person_approves_what_was_prepared_and_no_older_proposal(lite: Desk) -> None:
    number = lite.id("DE-EUR/211/4")
    before = len(lite.registers())
    wish = decisions.Wish(documents=(("RE-2026-1006", "240"),), accounts=(("bank_fees", "10"),),
                          write_offs=(("", "10"),))  # fmt: skip
    done = decisions.apply(lite.settings, int(number), wish, "anna", follow=False)
    assert done["outcome"] == "waiting"
    early = lite.run("accept", number, user="bert", code=1)
    assert "what anna prepared is not among the proposals yet" in early["error"]
    assert len(lite.registers()) == before
    steps.propose(lite.settings, "tester")
    lite.run("accept", number, user="bert")
    assert len(lite.applied("DE-EUR/211/4")) == 2, "the document and the fees"
    lite.holds()


@pytest.mark.parametrize(("once", "taught"), [((), 1), (("--once",), 0)])
def test_who_prepares_says_whether_the_payer_is_remembered(
    lite: Desk, once: tuple[str, ...], taught: int
) -> None:
    number = lite.id("DE-EUR/212/2")
    lite.run("apply", number, "--to", "RE-2026-1034=500", "--write-off", "10", *once)
    lite.run("accept", number, user="bert")
    with ledger.open(lite.settings.ledger) as book:
        assert book.rows("SELECT count(*) FROM mapping")[0][0] == taught


def test_words_that_were_to_be_remembered_are_when_a_second_person_accepts(lite: Desk) -> None:
    number = lite.id("DE-EUR/212/2")
    words = lite.run("show", number)["text"].split()[0]
    wish = ("apply", number, "--to", "RE-2026-1034=500", "--write-off", "10")
    refused = lite.run(
        "apply",
        number,
        "--to",
        "RE-2026-1034=490",
        "--account",
        "bank_fees",
        "--remember",
        words,
        code=2,
    )
    assert "expected the whole line on one account, or of one party" in refused["error"]
    done = lite.run(*wish, "--remember", words)
    assert done["remembered_once_accepted"] == [f"text {words} -> customer 10250"]
    assert teaching.listing(lite.settings) == [], "what waits teaches nothing yet"
    assert lite.run("show", number, user="bert")["history"][-1]["remember"] == words
    assert f"Words that always lead there: <b>{words}</b>" in (
        Browser(app_of(lite.settings), "bert").get(f"/item/{number}").text
    ), "who accepts sees what is to be remembered"
    done = lite.run("accept", number, user="bert")
    assert done["remembered"] == [f"mapping 1: text {words} -> customer 10250"]
    [row] = teaching.listing(lite.settings)
    assert (row["actor"], row["exception_prepared_by"]) == ("bert", "anna")
    assert str(row["exception"]) == number
    lite.holds()


def test_a_second_person_may_also_refuse(lite: Desk) -> None:
    number = lite.id("DE-EUR/211/4")
    lite.run("apply", number, "--to", "RE-2026-1006=240", "--write-off", "10",
             "--account", "bank_fees=10")  # fmt: skip
    lite.run("reject", number, user="bert", code=0)
    assert lite.run("show", number)["reason"] != "needs_approval"
    assert lite.applied("DE-EUR/211/4") == PARKED
    lite.holds()


def test_write_offs_within_the_limits_post_until_the_month_of_the_party_is_used_up(
    sqlite_settings: config.Settings, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    limits = 'write_off_line = { default = "10" }\nwrite_off_night = { default = "50" }\n'
    limits += 'write_off_party_month = { default = "15" }\n'
    desk = desk_of(sqlite_settings, capsys, tmp_path, limits)
    first, second = desk.id("FR-EUR/43/1"), desk.id("DE-EUR/212/2")
    desk.run("apply", first, "--to", "RE-2026-1034=100", "--write-off", "10")
    words = ("--to", "RE-2026-1034=500", "--write-off", "10")
    done = desk.run("apply", second, *words)
    assert done["needs_approval"] == "write_off_party_month"
    desk.holds()


def test_two_people_at_the_same_moment_one_wins_and_the_other_is_told(desk: Desk) -> None:
    number = desk.id("DE-EUR/211/4")
    both = [
        subprocess.Popen(
            [sys.executable, "-m", "pipeline", "--ledger", desk.settings.ledger, "--user", user,
             "--config", str(desk.more), "exceptions", "accept", number, "--rank", rank],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for user, rank in (("anna", "1"), ("bert", "2"))
    ]  # fmt: skip
    said = [process.communicate(timeout=120)[1] for process in both]
    codes = [process.returncode for process in both]
    assert sorted(codes) == [0, 1], said
    winner = ("anna", "bert")[codes.index(0)]
    assert f"accept by {winner}" in said[codes.index(1)]
    assert len(desk.applied("DE-EUR/211/4")) == 1
    assert next(row for row in desk.registers() if row[0] == "decision")[1] == winner
    desk.holds()


def test_what_lies_above_the_limit_waits_for_a_person_who_accepts_it(
    sqlite_settings: config.Settings, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    desk = desk_of(sqlite_settings, capsys, tmp_path, 'limit = "1500.00"\n')
    number = desk.id("DE-EUR/211/18")
    assert desk.run("show", number)["reason"] == "needs_approval"
    desk.run("accept", number)
    assert desk.applied("DE-EUR/211/18")[0] == ("RE-2026-1054", "", "1800.00", "accepted")
    desk.holds()
