"""Living beside an ERP whose extract comes every night: late, again, cut, or changed."""

import dataclasses
import datetime as dt
from pathlib import Path

import pytest

from pipeline import config, corrections, reporting, steps
from pipeline.corrections import conflicts
from pipeline.domain.errors import LedgerBusyError, LoadError, StaleDecisionError, UsageError
from pipeline.ledger import conflicts as conflict_log
from pipeline.ledger import open as open_ledger
from pipeline.ledger import reads
from pipeline.ledger.audit import Subject, audit
from pipeline.ledger.load import load
from tests.ledger.loading import HEADER, balances, entries, file, mt940, stored, take

HEAD = f"{HEADER},remaining_amount,on_hold"
REMAINING = "SELECT document_no, remaining_amount FROM entry WHERE document_type = 'invoice'"


def row(number: int, amount: str = "100.00", remaining: str = "", hold: str = "") -> str:
    return f"customer,C1,invoice,RE-{1000 + number},2026-10-01,EUR,{amount},{remaining},{hold}"


def extract(*rows: str) -> str:
    return "\n".join([HEAD, *rows]) + "\n"


def remaining(settings: config.Settings) -> dict[str, int]:
    return dict(stored(settings, f"{REMAINING} ORDER BY document_no"))


def holds(settings: config.Settings) -> dict[str, str]:
    sql = "SELECT document_no, on_hold FROM entry WHERE on_hold <> '' ORDER BY document_no"
    return dict(stored(settings, sql))


def pay(settings: config.Settings, folder: Path, day: str, opening: int, *lines: str) -> None:
    """One night with a statement of C1's account; ``lines`` as ``R1 100``."""
    inbox = folder / "inbox"
    inbox.mkdir(exist_ok=True)
    marks, total = [], 0
    for number, amount in (line.split() for line in lines):
        total += int(amount)
        marks.append(
            f":61:{day}{day[2:]}C{amount},00NTRFNONREF\n:86:166?00GUTSCHRIFT?20Rechnung {number}"
            "?30COBADEFFXXX?31DE75370501980000001102?32Müller GmbH\n"
        )
    text = mt940(day, day, f"{opening},00", f"{opening + total},00")
    head, tail = text.split(":62F:")
    (inbox / f"{day}.sta").write_text(f"{head}{''.join(marks)}:62F:{tail}")
    steps.nightly(settings, [inbox], actor="tester")


def test_an_extract_that_lags_comes_again_and_is_cut_loses_and_doubles_nothing(
    company: config.Settings, tmp_path: Path
) -> None:
    """Six nights of one customer's thirty invoices, two of them paid through the bank."""

    def nightly(*rows: str, **more: object) -> dict:
        return take(company, tmp_path, "ledger-entries", extract(*rows), **more)

    rows = [row(n) for n in range(1, 31)]
    nightly(*rows, snapshot=True, as_of="2026-11-01")
    pay(company, tmp_path, "261102", 500, "RE-1001 100", "RE-1002 40")
    paid = remaining(company)
    assert (paid["RE-1001"], paid["RE-1002"]) == (0, 6000)

    # night 2: the ERP has not booked our payments yet
    done = nightly(*rows, snapshot=True, as_of="2026-11-02")
    assert (done["behind"], done["settled_outside"], done["problems"]) == (2, 0, [])
    assert remaining(company) == paid

    # night 3: it has booked R1, not yet R2; R3 was paid in cash; R31 is new
    third = [row(2), *rows[3:], row(31)]
    done = nightly(*third, snapshot=True, as_of="2026-11-03")
    assert (done["behind"], done["settled_outside"], done["new"]) == (1, 1, 1)
    assert done["settled"] == ["customer C1 invoice RE-1003: 100.00 EUR"]
    after = remaining(company)
    assert after == {**paid, "RE-1003": 0, "RE-1031": 10000}

    # the same file again, and the file of the night before
    books = balances(company)
    assert nightly(*third, snapshot=True, as_of="2026-11-03")["settled_outside"] == 0
    with pytest.raises(LoadError, match="expected 2026-11-03 or later"):
        nightly(*rows, snapshot=True, as_of="2026-11-02")

    # night 4: the extract ends in the middle, once between rows and once within one
    with pytest.raises(LoadError, match="would close 14 of 29 open entries") as refused:
        nightly(*third[:15], snapshot=True, as_of="2026-11-04")
    assert "customer C1 invoice RE-1018: 100.00 EUR" in str(refused.value)
    with pytest.raises(LoadError, match="row 11: fields: found '4'"):
        nightly(*third[:9], "customer,C1,invoice,R1", snapshot=True, as_of="2026-11-04")
    assert (remaining(company), balances(company)) == (after, books)

    # night 5: it has both payments; a part of R4 was credited there
    fifth = [row(2, remaining="60.00"), row(4, remaining="80.00"), *rows[4:], row(31)]
    done = nightly(*fifth, snapshot=True, as_of="2026-11-05")
    assert (done["behind"], done["settled_outside"]) == (0, 1)
    assert remaining(company) == {**after, "RE-1004": 8000}
    assert stored(company, "SELECT count(*) FROM application WHERE role = 'external'") == [(2,)]

    # night 6: R4 is open in full again there: nobody knows why, so nothing is posted to it
    sixth = [row(2, remaining="60.00"), *rows[3:], row(31)]
    done = nightly(*sixth, snapshot=True, as_of="2026-11-06")
    assert done["problems"] == [
        "ledger-entries.csv, row 3: invoice RE-1004: source_conflict: remaining: found '100.00',"
        " expected '80.00 or less'"
    ]
    assert remaining(company)["RE-1004"] == 8000
    assert holds(company) == {"RE-1004": "source_conflict"}
    nightly(*fifth, snapshot=True, as_of="2026-11-07")
    assert holds(company) == {}
    assert sum(remaining(company).values()) == balances(company)["AR"]


def test_an_erp_that_never_books_our_postings_is_told_of_until_it_does(
    company: config.Settings, tmp_path: Path
) -> None:
    def nightly(day: str, *rows: str) -> str:
        done = take(company, tmp_path, "ledger-entries", extract(*rows), snapshot=True, as_of=day)
        return f"{done['behind']} since {done.get('behind_since', 'never')}"

    def warned(at: int | None = None) -> list[str]:
        found = reporting.night(company, at=at)["warnings"]
        return [text for text in found if text.startswith("ledger-entries: ")]

    rows = [row(n) for n in range(1, 21)]
    nightly("2026-11-01", *rows)
    pay(company, tmp_path, "261102", 500, "RE-1001 100", "RE-1002 40")
    assert nightly("2026-11-02", *rows) == "2 since 2026-11-02"
    assert warned() == [], "it may lag"
    pay(company, tmp_path, "261110", 640, "RE-1003 100")
    assert nightly("2026-11-10", *rows) == "3 since 2026-11-02"
    assert warned() == [
        "ledger-entries: settled here and still open at their source: 3, since 2026-11-02; does it"
        " book what is handed over to it?"
    ]
    register = stored(company, "SELECT max(no) AS no FROM register")[0][0]
    pay(company, tmp_path, "261111", 740, "RE-1004 100")
    booked = [row(2, remaining="60.00"), *rows[3:]]
    assert nightly("2026-11-11", *booked) == "1 since 2026-11-11"
    assert warned() == []
    assert len(warned(register)) == 1, "the report of then says what it said"


def test_an_entry_in_conflict_takes_no_automatic_posting_and_the_queue_says_why(
    company: config.Settings, tmp_path: Path
) -> None:
    take(company, tmp_path, "ledger-entries", extract(row(1), row(2, hold="dispute"), row(3)))
    done = take(
        company, tmp_path, "ledger-entries", extract(row(1, "110.00"), row(2, "90.00"), row(3))
    )
    assert [text.split(": found")[0] for text in done["problems"]] == [
        "ledger-entries.csv, row 2: invoice RE-1001: source_conflict: amount",
        "ledger-entries.csv, row 3: invoice RE-1002: source_conflict: amount",
    ]
    pay(company, tmp_path, "261102", 500, "RE-1001 100", "RE-1003 100")
    assert remaining(company) == {"RE-1001": 10000, "RE-1002": 10000, "RE-1003": 0}
    queue = stored(company, "SELECT reason, hint FROM exception_item WHERE status = 'open'")
    assert [reason for reason, _ in queue] == ["source_conflict"]
    assert "source" in queue[0][1]
    take(company, tmp_path, "ledger-entries", extract(row(1), row(2, hold="dispute"), row(3)))
    assert holds(company) == {"RE-1002": "dispute"}
    pay(company, tmp_path, "261103", 700)
    assert remaining(company)["RE-1001"] == 0  # posted by itself once both agree again


def conflicts_told(settings: config.Settings, at: int | None = None) -> list[str]:
    """What an auditor gets told of the conflicts of C1, as known at a register."""
    with open_ledger(settings.ledger) as book:
        day = dt.date(2026, 11, 30)
        parts = dict(audit(book, Subject(party_type="customer", party_no="C1"), day, at))
    return parts["conflicts.csv"].decode().splitlines()[1:]


def test_a_person_ends_a_conflict_until_the_source_says_something_else(
    company: config.Settings, tmp_path: Path
) -> None:
    def nightly(day: int, amount: str) -> list[str]:
        rows = [row(1, amount), *[row(n) for n in range(2, 21)]]
        done = take(company, tmp_path, "ledger-entries", extract(*rows), snapshot=True,
                    as_of=f"2026-11-{day:02}")  # fmt: skip
        return list(done["problems"])

    nightly(1, "100.00")
    assert len(nightly(2, "90.00")) == 1
    (found,) = conflicts.listed(company)
    assert (found["document"], found["open_here"]) == ("invoice RE-1001", "100.00 EUR")
    assert found["source_says"] == "90.00 EUR, 90.00 open"
    pay(company, tmp_path, "261103", 500, "RE-1001 100")
    assert remaining(company)["RE-1001"] == 10000, "nothing posts to it"

    two = dataclasses.replace(company, policy={**company.policy, "approval": "two_people"})
    asked = conflicts.end(two, "RE-1001", "anna", "a price of before")
    assert (asked["done"], asked["requested_by"]) == (False, "anna")
    assert conflicts.end(two, "RE-1001", "Anna", "again")["done"] is False, "she is no second one"
    assert conflicts.listed(company) == [found | {"asked_by": ["anna"]}]
    assert conflicts.end(two, "RE-1001", "berta", "a price of before")["done"] is True
    steps.nightly(company, [], actor="tester")
    assert remaining(company)["RE-1001"] == 0
    paid = stored(company, "SELECT max(no) FROM register")[0][0]
    with pytest.raises(UsageError, match="is not in conflict"):
        conflicts.end(company, "RE-1001", "anna", "again")

    assert nightly(4, "90.00") == [], "that was ended"
    assert len(nightly(5, "94.00")) == 1, "that was not"
    with open_ledger(company.ledger) as book:
        seen = conflict_log.standing(book)
        assert len(nightly(5, "95.00")) == 1, "while somebody looks at it"
        with book.transaction() as writer, pytest.raises(StaleDecisionError, match="look again"):
            conflict_log.end(writer, seen[0], ("anna", ""), "a price of before")
    assert conflicts.end(company, "RE-1001", "anna", "a price of before")["done"] is True
    assert nightly(6, "100.00") == []
    assert len(nightly(7, "95.00")) == 1, "they had agreed meanwhile"
    log = stored(company, "SELECT action, actor, second_actor FROM source_conflict ORDER BY id")
    actions = [action for action, *_ in log]
    assert actions == ["arose", "ended", "arose", "arose", "ended", "agreed", "arose"]
    assert log[1] == ("ended", "berta", "anna")
    kept = conflicts_told(company)
    assert [line.split(",")[5] for line in kept] == actions
    assert '"90.00 EUR, 90.00 open",berta,anna,a price of before' in kept[1]
    assert conflicts_told(company, paid) == kept[:2], "as known when the payment was posted"


def test_a_document_that_goes_to_another_party_is_a_conflict_and_not_an_entry_twice(
    company: config.Settings, tmp_path: Path
) -> None:
    rows = [row(n) for n in range(1, 12)]
    take(company, tmp_path, "ledger-entries", extract(*rows))
    moved = rows[0].replace("C1", "C2")
    for whole in (False, True, True):
        text = extract(moved, *rows[1:])
        done = take(company, tmp_path, "ledger-entries", text, snapshot=whole)
        expected = [
            "ledger-entries.csv, row 2: invoice RE-1001: source_conflict: party: found"
            " 'another party', expected 'party C1'"
        ]
        # a file that is no list of all says nothing of C1's entry, which may still be there
        assert done["problems"] == expected
        assert (done["new"], done["settled_outside"]) == (0, 0)
    assert holds(company) == {"RE-1001": "source_conflict"}
    assert len(remaining(company)) == 11
    vendors = (
        f"{HEADER}\nvendor,V1,invoice,77,2026-10-01,EUR,-5.00\n"
        "vendor,V2,invoice,77,2026-10-01,EUR,-5.00\n"
    )
    done = take(company, tmp_path, "ledger-entries", vendors)
    assert (done["new"], done["problems"]) == (2, [])  # vendors number for themselves


def test_a_changed_currency_is_a_conflict_and_other_currencies_count_for_themselves(
    company: config.Settings, tmp_path: Path
) -> None:
    yen = "customer,C2,invoice,Y1,2026-10-01,JPY,900000,,"
    take(company, tmp_path, "ledger-entries", extract(*[row(n) for n in range(1, 21)], yen))
    done = take(company, tmp_path, "ledger-entries", extract(row(1).replace("EUR", "CHF")))
    assert "source_conflict: currency: found 'CHF', expected 'EUR'" in done["problems"][0]
    rows = [row(n) for n in range(1, 21)]
    with pytest.raises(LoadError, match="900000 of 900000 JPY: more than 10 per cent"):
        take(company, tmp_path, "ledger-entries", extract(*rows), snapshot=True)
    done = take(
        company, tmp_path, "ledger-entries", extract(*rows), snapshot=True, allow_closing=True
    )
    assert done["settled"] == ["customer C2 invoice Y1: 900000 JPY"]


def test_a_returned_payment_that_the_source_has_not_seen_is_no_settlement_outside(
    company: config.Settings, tmp_path: Path
) -> None:
    """The ERP knows the payment and not yet its return: our open invoice stands."""
    take(company, tmp_path, "ledger-entries", extract(*[row(n) for n in range(1, 12)]))
    pay(company, tmp_path, "261102", 500, "RE-1001 100", "unknown 7")
    rest = extract(*[row(n) for n in range(2, 12)])
    take(company, tmp_path, "ledger-entries", rest, snapshot=True)  # it has the payment
    returned(company)
    assert remaining(company)["RE-1001"] == 10000
    done = take(company, tmp_path, "ledger-entries", rest, snapshot=True)
    assert (done["behind"], done["settled_outside"], done["problems"]) == (1, 0, [])
    assert remaining(company)["RE-1001"] == 10000


def returned(settings: config.Settings) -> None:
    """The last payment of the bank is taken back."""
    sql = "SELECT max(no) FROM journal_entry WHERE line_id IS NOT NULL AND reverses_no IS NULL"
    corrections.reverse(settings, [str(stored(settings, sql)[0][0])], "tester", "returned")


def test_paid_and_returned_while_the_source_lags_says_nothing_until_it_is_sure(
    company: config.Settings, tmp_path: Path
) -> None:
    """It shows 100.00, then 0.00: the payment it did not know, and now not its return."""
    rows = [row(n) for n in range(1, 12)]
    take(company, tmp_path, "ledger-entries", extract(*rows), as_of="2026-11-01")
    pay(company, tmp_path, "261102", 500, "RE-1001 100", "unknown 7")
    pay(company, tmp_path, "261103", 607, "unknown 8")
    returned(company)
    take(company, tmp_path, "ledger-entries", extract(*rows), as_of="2026-11-04")  # knows neither

    def paid_there(day: str, rest: str = "0", **more: object) -> dict:
        text = extract(row(1, remaining=rest))
        return take(company, tmp_path, "ledger-entries", text, as_of=day, **more)

    done = paid_there("2026-11-05")
    assert (done["behind"], done["settled_outside"], done["problems"]) == (1, 0, [])

    # what it settled itself meanwhile may be 40 or 100: that is asked
    done = paid_there("2026-11-06", "60.00")
    assert done["problems"] == [
        "ledger-entries.csv, row 2: invoice RE-1001: source_conflict: remaining: found '60.00',"
        " expected '100.00, opened again since it last agreed'"
    ]
    assert remaining(company)["RE-1001"] == 10000

    # a week later it must have booked the return: 0.00 is asked too, and somebody knows
    assert "found '0.00'" in paid_there("2026-11-20")["problems"][0]
    head = stored(company, "SELECT max(register_no) FROM register_seal")[0][0]
    with pytest.raises(UsageError, match=f"expected a register from 1 to {head}"):
        paid_there("2026-11-20", booked_through=head + 1)
    done = paid_there("2026-11-20", booked_through=head)
    assert (done["settled_outside"], done["problems"]) == (1, [])
    assert (remaining(company)["RE-1001"], holds(company)) == (0, {})


def test_an_old_file_without_a_day_settles_nothing(
    company: config.Settings, tmp_path: Path
) -> None:
    """It was right when RE-1001 was paid; the payment was returned since, and both know it."""
    take(company, tmp_path, "ledger-entries", extract(*[row(n) for n in range(1, 12)]))
    pay(company, tmp_path, "261102", 500, "RE-1001 100", "unknown 7")
    paid = extract(row(1, remaining="0"))
    take(company, tmp_path, "ledger-entries", paid)
    returned(company)
    take(company, tmp_path, "ledger-entries", extract(*[row(n) for n in range(1, 12)]))  # the first
    assert take(company, tmp_path, "ledger-entries", paid)["behind"] == 1
    take(company, tmp_path, "ledger-entries", extract(row(1)))
    with pytest.raises(LoadError, match="others came after it, and it would settle 1 open") as said:
        take(company, tmp_path, "ledger-entries", paid)
    assert "customer C1 invoice RE-1001: 100.00 EUR" in str(said.value)
    assert remaining(company)["RE-1001"] == 10000
    assert take(company, tmp_path, "ledger-entries", extract(row(1)))["behind"] == 0
    done = take(company, tmp_path, "ledger-entries", paid, as_of="2026-11-09")
    assert done["settled_outside"] == 1  # who says the day says that it is how things stand


def test_what_a_cut_list_closed_is_opened_by_a_person(
    company: config.Settings, tmp_path: Path
) -> None:
    """One row of thirty was missing: too little for the guard, and the next list shows it."""
    rows = [row(n) for n in range(1, 31)]
    take(company, tmp_path, "ledger-entries", extract(*rows), snapshot=True, as_of="2026-11-01")
    cut = extract(*rows[:-1])
    done = take(company, tmp_path, "ledger-entries", cut, snapshot=True, as_of="2026-11-02")
    assert done["settled"] == ["customer C1 invoice RE-1030: 100.00 EUR"]

    def whole(day: str) -> dict:
        text = extract(*rows)
        return take(company, tmp_path, "ledger-entries", text, snapshot=True, as_of=day)

    assert "RE-1030: source_conflict: remaining" in whole("2026-11-03")["problems"][0]
    before = balances(company)
    number = stored(company, "SELECT no FROM journal_entry WHERE kind = 'external'")[0][0]
    corrections.reverse(company, [str(number)], "anna", "the list was cut")
    assert balances(company)["AR"] == before["AR"] + 10000 == sum(remaining(company).values())
    assert (whole("2026-11-04")["problems"], holds(company)) == ([], {})
    assert take(company, tmp_path, "ledger-entries", extract(*rows))["settled_outside"] == 0


def test_what_is_settled_outside_is_dated_when_it_is_known(
    company: config.Settings, tmp_path: Path
) -> None:
    take(company, tmp_path, "ledger-entries", extract(row(1), row(2), row(3)))
    take(company, tmp_path, "ledger-entries", extract(row(1, remaining="70.00")))
    take(company, tmp_path, "ledger-entries", extract(row(2, remaining="0")), as_of="2026-11-09")
    pay(company, tmp_path, "261112", 500, "unknown 7")
    take(company, tmp_path, "ledger-entries", extract(row(3, remaining="1.00")))
    sql = "SELECT posting_date FROM journal_entry WHERE kind = 'external' ORDER BY no"
    assert [day for (day,) in stored(company, sql)] == ["2026-10-31", "2026-11-09", "2026-11-12"]


def test_a_load_that_another_posting_overtakes_is_asked_again(
    company: config.Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was decided on an older state of the books is not written."""
    from pipeline.ledger.load import entries as module

    take(company, tmp_path, "ledger-entries", entries(2))
    first = module.compare.compare

    def overtaken(*args: object, **more: object) -> object:
        monkeypatch.setattr(module.compare, "compare", first)
        take(company, tmp_path, "ledger-entries", extract(row(1, remaining="60.00")))
        return first(*args, **more)

    monkeypatch.setattr(module.compare, "compare", overtaken)
    text = file(tmp_path, "late", extract(row(1, remaining="50.00")))
    with open_ledger(company.ledger) as book, pytest.raises(LedgerBusyError):
        load(book, "ledger-entries", text, company, actor="tester")
    assert remaining(company)["RE-1001"] == 6000
    take(company, tmp_path, "ledger-entries", extract(row(1, remaining="50.00")))
    assert remaining(company)["RE-1001"] == 5000


def test_text_of_an_entry_is_kept_with_it_and_may_be_erased(
    company: config.Settings, tmp_path: Path
) -> None:
    head = f"{HEADER},description,project,your_reference,amount_company"
    text = f"{head}\ncustomer,C1,invoice,R1,2026-10-01,USD,100.00,Türen,P7,PO 4711,92.50\n"
    take(company, tmp_path, "ledger-entries", text)
    assert stored(company, "SELECT fields, amount_company FROM entry") == [
        ('{"description": "Türen", "project": "P7", "your_reference": "PO 4711"}', 9250)
    ]
    with open_ledger(company.ledger) as book:
        assert reads.own_references(book)["your_reference"].to_list() == ["PO 4711"]
