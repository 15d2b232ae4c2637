"""One line over several parties and accounts: nothing is left over, or it is booked."""

import re
from typing import Any

from tests.page.desk import Browser, app_of
from tests.review.desk import Desk

LINE = "DE-EUR/212/2"
BOTH = ("--to", "RE-2026-1028", "--to", "RE-2026-1035")
"""210.00 of one customer and 238.00 of another; the line is 500.00."""


def test_documents_of_two_parties_and_the_rest_is_booked(desk: Desk) -> None:
    number = desk.id(LINE)
    left = desk.run("apply", number, *BOTH, code=2)
    assert "52.00 EUR of the line is not explained" in left["error"]
    assert "of 2" in desk.run("apply", number, *BOTH, "--on-account", code=2)["error"]
    seen = desk.run("apply", number, *BOTH, "--account", "bank_fees", "--preview")["would_post"]
    moved = {(row["gl_account"], row["party_no"]): row["amount"] for row in seen}
    assert moved == {("AR", "10190"): "-210.00", ("AR", "10250"): "-238.00",
                     ("BANK-FEES", ""): "-52.00", ("CLEARING", ""): "500.00"}  # fmt: skip
    assert desk.remaining("RE-2026-1028") == ["210.00"], "shown, not made"
    desk.run("apply", number, *BOTH, "--on-account", "customer/10250")
    assert desk.remaining("RE-2026-1028") == desk.remaining("RE-2026-1035") == ["0.00"]
    rows = {row[:3] for row in desk.applied(LINE)}
    assert {("RE-2026-1028", "", "210.00"), ("RE-2026-1035", "", "238.00"),
            ("", "", "52.00")} <= rows  # fmt: skip
    desk.holds()


def test_the_rest_goes_to_an_account_or_stays_on_account(lite: Desk) -> None:
    number = lite.id(LINE)
    both = ("--account", "bank_fees", "--on-account", "customer/10250")
    assert "not both; say how much" in lite.run("apply", number, *BOTH, *both, code=2)["error"]
    left = lite.run("together", number, *both, "--post", code=1)["left"]
    assert "not both" in left[0]
    said = ("--account", "bank_fees=2.00", "--on-account", "customer/10250", "--preview")
    rows = lite.run("apply", number, *BOTH, *said)["would_post"]
    moved = sorted((row["gl_account"], row["amount"]) for row in rows)
    assert moved == [("AR", "-210.00"), ("AR", "-288.00"), ("BANK-FEES", "-2.00"),
                     ("CLEARING", "500.00")]  # fmt: skip


def test_what_is_given_up_is_of_one_party(lite: Desk) -> None:
    said = ("--account", "bank_fees", "--write-off", "RE-2026-1035=1.00")
    refused = lite.run("apply", lite.id(LINE), *BOTH, *said, code=2)
    assert "one of 2 parties; decide that party alone" in refused["error"]


def test_ticks_stay_while_another_party_is_searched_for(lite: Desk) -> None:
    anna = Browser(app_of(lite.settings))
    path = f"/item/{lite.id(LINE)}"

    def word(text: str, document: str) -> str:
        rows = re.findall(r'name="to" value="(entry:\d+)".*?<label[^>]*>([^<]*)<', text, re.DOTALL)
        return next(value for value, shown in rows if shown == document)

    fields: dict[str, Any] = {**anna.fields(path, "apply")}
    first = anna.post(path, fields | {"step": "find", "find": "10190"})
    fields["to"] = [word(first.text, "RE-2026-1028")]
    second = anna.post(path, fields | {"step": "find", "find": "hotel"})
    assert re.search(rf'value="{fields["to"][0]}"[^>]* checked', second.text)
    fields["to"].append(word(second.text, "RE-2026-1035"))
    fields |= {"account": "external", "account_amount": ""}
    shown = anna.post(path, fields)
    assert "Preview of the postings" in shown.text
    assert anna.post(path, fields | {"step": "post"}).status_code == 303
    assert lite.remaining("RE-2026-1028") == lite.remaining("RE-2026-1035") == ["0.00"]
    found = lite.run("find", lite.id("DE-EUR/211/4"), "sommer 250")["entries"]
    assert {row["document_no"] for row in found} == {"RE-2026-1006", "RE-2026-1007"}


def test_the_terminal_decides_many_and_shows_what_was_posted(lite: Desk) -> None:
    numbers = [lite.id("DE-EUR/212/15"), lite.id("DE-EUR/212/16")]
    before = len(lite.registers())
    shown = lite.run("together", *numbers)
    assert shown["would_post"] == [int(number) for number in numbers]
    assert len(lite.registers()) == before
    done = lite.run("together", *numbers, "--post", "--reason", "as announced")
    assert len(lite.registers()) == before + 1
    rows = lite.run("posted", "--register", str(done["register"]))["posted"]
    assert sorted(row["item"] for row in rows) == sorted(map(int, numbers))
    assert sum(row["items"] for row in lite.run("figures")["by_age"]) == 13
