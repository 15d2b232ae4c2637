"""The figures of the queue are of the books, today's and those of each day before, on both."""

import re

from pipeline import ledger, steps
from pipeline.ledger import decisions, queue_days
from pipeline.ledger.reading import listed
from tests.page.desk import Browser, app_of
from tests.review.desk import NIGHTS, Desk


def _of_days(text: str) -> list[tuple[str, str, str]]:
    """Day, how many waited, how long the oldest did: as the table below the plots has it."""
    return re.findall(
        r"<tr><td>(\d+ \w+ \d+)</td><td class=\"right\">(\d+)</td>"
        r"<td class=\"right\">(\d+)</td></tr>",
        text,
    )


def test_how_many_waited_is_kept_day_by_day_and_goes_with_what_is_decided(desk: Desk) -> None:
    anna = Browser(app_of(desk.settings))
    waits = len(desk.run("list")["exceptions"])
    (first, before, _), *_ = nights = _of_days(anna.get("/dashboard").text)[::-1]
    assert len(nights) == 2, "a row a night"
    assert nights[-1][1] == str(waits)
    path = f"/item/{desk.id('DE-EUR/212/15')}"
    assert anna.post(path, anna.fields(path, "accept") | {"step": "post"}).status_code == 303
    now = _of_days(anna.get("/dashboard").text)[::-1]
    assert now[0] == nights[0] == (first, before, nights[0][2]), "what was is not rewritten"
    assert now[-1][1] == str(waits - 1)
    steps.nightly(desk.settings, NIGHTS, "tester")
    assert _of_days(anna.get("/dashboard").text)[::-1] == now, "the same night again"


def test_one_account_or_reason_had_its_own_days(desk: Desk) -> None:
    anna = Browser(app_of(desk.settings))
    of_one = [row for row in desk.run("list")["exceptions"] if row["bank_account_no"] == "GB-GBP"]
    assert _of_days(anna.get("/dashboard?account=GB-GBP").text)[0][1] == str(len(of_one)) == "2"
    whole = desk.run("figures")
    reasons = {row["reason"] for row in whole["by_account_and_reason"]}
    each = [desk.run("figures", "--reason", code)["waited"] for code in sorted(reasons)]
    for place, day in enumerate(whole["waited"]):
        assert sum(days[place]["items"] for days in each) == day["items"]
    assert {row["items"] for row in desk.run("figures", "--reason", "gap")["waited"]} == {0}
    assert sum(row["waits"] for row in whole["by_day"]) == whole["waited"][-1]["items"]


def test_a_day_on_which_nothing_waited_is_a_day_of_its_own(lite: Desk) -> None:
    with ledger.open(lite.settings.ledger) as book:
        before, waiting = queue_days.last(book, 9), listed(decisions.open_items(book).values())
        with book.transaction() as connection:
            connection.exec_driver_sql("UPDATE exception_item SET status = 'resolved'")
            queue_days.keep(connection)
        after = queue_days.last(book, 9)
        assert (after[-1]["items"], after[-1]["oldest"]) == (0, None)
        assert after[:-1] == before[:-1]
        assert book.rows("SELECT count(*) FROM queue_day WHERE items = 0") == [(1,)]
        with book.transaction() as connection:
            connection.exec_driver_sql(
                f"UPDATE exception_item SET status = 'open' WHERE id IN ({waiting})"
            )
            queue_days.keep(connection)
    assert "none" not in Browser(app_of(lite.settings)).get("/dashboard").text.lower()
