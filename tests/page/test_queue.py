"""The queue a page at a time is the whole queue, in each order, on both databases."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

from pipeline import corrections, ledger, steps
from pipeline.ledger import decided, entry_search, figures, queue, since
from pipeline.ledger.item_search import OpenItems
from pipeline.ledger.load import load
from pipeline.ledger.queue import Filter, Found, Place
from pipeline.ledger.verify import verify
from tests.ledger import bank_files
from tests.page.desk import Browser, app_of
from tests.review.desk import NIGHTS, Desk

KEYS = {"age": "opened_on", "amount": "remaining", "payer": "counterparty_name",
        "reason": "reason"}  # fmt: skip


def _walk(book: ledger.Ledger, place: Place) -> list[int]:
    """The ids of all pages one behind the other, and back again."""
    found: list[int] = []
    key = KEYS[place.sort]
    while True:
        rows, _ = queue.page(book, Filter(), place)
        shown = rows[: place.size]
        if place.after:
            back = replace(place, after=(shown[0][key] or "", shown[0]["id"]), backwards=True)
            before = [row["id"] for row in queue.page(book, Filter(), back)[0]]
            assert before[-place.size :] == found[-place.size :]
        found += [row["id"] for row in shown]
        if len(rows) <= place.size:
            return found
        place = replace(place, after=(shown[-1][key] or "", shown[-1]["id"]))


def test_pages_in_each_order_are_the_whole_queue(desk: Desk) -> None:
    items = desk.run("list")["exceptions"]
    with ledger.open(desk.settings.ledger) as book:
        for sort in queue.SORTS:
            up = _walk(book, Place(sort, size=4))
            down = _walk(book, Place(sort, descending=True, size=4))
            assert sorted(up) == sorted(item["id"] for item in items), sort
            assert down == up[::-1], sort
        _, sums = queue.page(book, Filter(), Place(size=2))
        assert sums == queue.totals(book, Filter())
        assert sum(row["items"] for row in sums) == len(items)
        assert sum(row["items"] for row in queue.groups(book, Filter(), "payer", 99)) == len(items)


def test_filters_and_searches_find_what_they_say(desk: Desk) -> None:
    with ledger.open(desk.settings.ledger) as book:

        def names(wanted: Filter) -> list[str]:
            rows, _ = queue.page(book, wanted, Place())
            return [row["counterparty_name"] for row in rows]

        def said(words: str) -> list[str]:
            return names(Filter(found=OpenItems().found(book, words)))

        assert said("SOMMER handel") == ["Sommer Handel OHG"]
        assert said("642,60") == ["Richter Beteiligungen AG"]
        assert said("re-2026-1038") == ["Richter Beteiligungen AG"]
        assert said("100%") == said("x_y") == []
        assert names(Filter(reason="ambiguous", payer="Mueller GmbH")) == ["Mueller GmbH"]
        assert len(names(Filter(bank_account="GB-GBP", currency="GBP"))) == 2
        assert names(Filter(opened_before="2026-10-29")) == []
        assert sum(row["items"] for row in figures.by_age(book)) == 15
        assert figures.by_day(book, 9)[-1]["day"] == "2026-10-31"
        assert figures.by_account_and_reason(book)[0]["items"] == 2
        assert since.lines(book, dt.timedelta(days=90)).height >= 70


def test_what_is_kept_to_search_items_follows_the_queue(desk: Desk) -> None:
    """Kept from before, it finds what was opened since, and again: as if it were read anew."""
    items, line = OpenItems(), "DE-EUR/212/15"
    number = int(desk.id(line))

    def found(words: str) -> list[int]:
        with ledger.open(desk.settings.ledger) as book:
            wanted = Filter(found=items.found(book, words))
            items.refresh(book)
            assert queue.totals(book, wanted) == queue.totals(
                book, Filter(found=items.found(book, words))
            ), "read before or in the search"
            anew = Filter(found=OpenItems().found(book, words))
            assert queue.numbers(book, wanted, "age", False) == queue.numbers(
                book, anew, "age", False
            )
            return queue.numbers(book, wanted, "age", False)

    assert number in found("richter")
    desk.run("accept", str(number))
    again = OpenItems()
    with ledger.open(desk.settings.ledger) as book:
        again.refresh(book)
        assert number not in again.found(book, "richter").numbers, "first read when it was done"
    assert number not in found("richter")
    corrections.reverse(desk.settings, [line], "anna", "another's")
    assert number in found("richter")
    with ledger.open(desk.settings.ledger) as book:
        assert number in again.found(book, "RICHTER 642.60").numbers, "it is open again"
        most = again.found(book, "e")
        assert not most.these, "all but a few"
        assert queue.numbers(book, Filter(found=most), "age", False) == sorted(
            {*queue.numbers(book, Filter(), "age", False)} - {*most.numbers},
            key=lambda one: queue.numbers(book, Filter(), "age", False).index(one),
        )


def test_counts_and_sums_are_those_of_the_items_whatever_happens(desk: Desk) -> None:
    """Assigned, put off, decided, taken back, matched again: by each filter that is counted."""

    def everything(book: ledger.Ledger) -> list[int]:
        return queue.numbers(book, Filter(), "age", False)

    def same(wanted: Filter) -> None:
        with ledger.open(desk.settings.ledger) as book:
            told = queue.totals(book, wanted)
            numbers = queue.numbers(book, wanted, "age", False)
            assert told == queue.totals(book, replace(wanted, found=Found(numbers)))
            assert sum(row["items"] for row in told) == len(numbers)
            others = Found(sorted(set(everything(book)) - set(numbers)), these=False)
            assert told == queue.totals(book, replace(wanted, found=others))
            ages = queue.ages(book, "2026-10-31")
            assert ages["exceptions"] == sum(row["items"] for row in queue.totals(book, Filter()))

    def all_same() -> None:
        filters = [Filter(), Filter(reason="unknown_payer"), Filter(bank_account="DE-EUR"),
                   Filter(assigned_to="ben"), Filter(assigned_to=""), Filter(currency="EUR"),
                   Filter(opened_before="2026-10-31"), Filter(put_off=True)]  # fmt: skip
        for wanted in filters:
            same(replace(wanted, today="2026-10-31"))
            same(replace(wanted, put_off=False))
        with ledger.open(desk.settings.ledger) as book:
            assert [c.ids for c in verify(book) if c.invariant == "I32e"] == [()]

    all_same()
    number, other = desk.id("DE-EUR/212/15"), desk.id("DE-EUR/211/4")
    desk.run("assign", number, "--to", "ben")
    desk.run("later", other, "--until", "2999-12-31")
    all_same()
    desk.run("accept", number)
    all_same()
    corrections.reverse(desk.settings, ["DE-EUR/212/15"], "anna", "another's")
    all_same()
    desk.run("later", other, "--until", "")
    steps.nightly(desk.settings, NIGHTS, "tester")
    all_same()
    desk.holds()


def test_what_is_kept_to_search_entries_follows_the_books(desk: Desk) -> None:
    entries = entry_search.OpenEntries()

    def found(words: str) -> list[str]:
        with ledger.open(desk.settings.ledger) as book:
            entries.refresh(book)
            with book.looking():
                rows = entries.found(book, words, queue.line(book, 9))
        return [row["document_no"] for row in rows]

    assert {"RE-2026-1006", "RE-2026-1007"} <= set(found("249.50~1"))
    assert found("sommer re-2026-1006") == ["RE-2026-1006"]
    desk.run("accept", desk.id("DE-EUR/211/4"))
    assert found("re-2026-1006") == [], "it is settled"
    corrections.unapply(desk.settings, "RE-2026-1006", "anna", "another's")
    assert found("re-2026-1006") == ["RE-2026-1006"], "it is open again"
    unapplied = found("sommer 250")
    again = entry_search.OpenEntries()
    with ledger.open(desk.settings.ledger) as book:
        again.refresh(book)
        rows = again.found(book, "sommer 250", queue.line(book, 9))
    assert [row["document_no"] for row in rows] == unapplied, "as if it were read anew"
    assert len(unapplied) > 1, "the payment is open too"


def test_a_statement_of_many_days_has_figures_of_each(tmp_path: Path) -> None:
    settings = bank_files.fresh(tmp_path)
    text = bank_files.mt940("1", "261001", 0, 100, 200)
    month = text.replace(":62F:C261001", ":61:2610301030C4,00NTRFNONREF//X\n:62F:C261031")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "1.sta").write_text(month.replace("EUR3,00\n-", "EUR7,00\n-"))
    steps.nightly(settings, [tmp_path / "in"], "tester")
    with ledger.open(settings.ledger) as book:
        days = [(row["day"], row["lines"]) for row in figures.by_day(book, 60)]
    assert days == [("2026-10-01", 2), ("2026-10-30", 1)]


def test_a_name_with_an_umlaut_is_found_in_any_case(lite: Desk, tmp_path: Path) -> None:
    named = tmp_path / "customers.csv"
    named.write_text("no,name\n10050,Ärztehaus Süd\n", "utf-8")
    with ledger.open(lite.settings.ledger) as book:
        load(book, "customers", named, lite.settings, actor="tester")
        entries = entry_search.OpenEntries()
        entries.refresh(book)
        found = entries.found(book, "Ärztehaus", queue.line(book, 9))
        assert {row["party_no"] for row in found} == {"10050"}
        assert found == entries.found(book, "ärztehaus SÜD", queue.line(book, 9))


def test_a_return_whose_first_amount_names_no_currency_has_a_page(lite: Desk) -> None:
    with ledger.open(lite.settings.ledger) as book:
        ((number,),) = book.rows(
            "SELECT x.id FROM exception_item x JOIN statement_line l ON l.line_id = x.line_id"
            " WHERE l.original_amount <> 0 AND l.original_currency = ''"
        )
    answer = Browser(app_of(lite.settings)).get(f"/item/{number}")
    assert answer.status_code == 200
    assert "<dd>89.00 EUR</dd>" in answer.text


def test_what_no_ledger_can_hold_is_refused_on_both_databases(desk: Desk) -> None:
    anna = Browser(app_of(desk.settings))
    for path in ("/?q=%00", "/?payer=%00", "/?sort=payer&key=%00&after=1", "/item/1?find=%00"):
        assert anna.get(path).status_code == 400, path
    own = anna.fields("/item/1", "comment")
    for said in ({"comment": "a\0b"}, {"do": "apply", "document": "\0", "document_amount": "1"}):
        assert anna.post("/item/1", own | said).status_code == 400
    assert anna.get(f"/item/{10**20}").status_code == 404
    assert anna.post(f"/item/{10**20}", own | {"comment": "x"}).status_code == 404
    sent = {"token": own["token"], "id": "9" * 5000, "reason": "x"}
    assert anna.post("/posted/undo", sent).status_code == 409
    assert anna.post("/many", sent).status_code == 200
    assert desk.run("show", "1")["history"] == []


def test_a_decision_and_its_undo_on_both_databases(desk: Desk) -> None:
    anna = Browser(app_of(desk.settings))
    path = f"/item/{desk.id('DE-EUR/212/15')}"
    assert anna.post(path, anna.fields(path, "accept") | {"step": "post"}).status_code == 303
    with ledger.open(desk.settings.ledger) as book:
        row = decided.posted(book)[0]
        assert (row["actor"], row["amount"], row["reversed_by"]) == ("anna", 64260, None)
        assert decided.chosen(book, [row["id"]]) == [row]
    sent = {"token": anna.fields("/item/1", "comment")["token"], "id": row["id"], "reason": "no"}
    assert anna.post("/posted/undo", sent).status_code == 303
    assert desk.remaining("RE-2026-1038") == ["642.60"]
    for view in ("/", "/dashboard", "/posted", "/mappings", "/groups/reason"):
        assert anna.get(view).status_code == 200, view
    desk.holds()
