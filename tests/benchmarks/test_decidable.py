"""What the careful accountant calls decidable."""

from datetime import date, timedelta

import pytest

from benchmarks.worlds.books import JUDGED, Books
from benchmarks.worlds.chance import Chance
from benchmarks.worlds.decidable import AMBIGUOUS, KEEP, LEAVE_OUT, Accountant
from benchmarks.worlds.mix import drawn
from benchmarks.worlds.places import SETTINGS
from benchmarks.worlds.story import Line, Party

DAY = JUDGED[0]
POSTED = date(2026, 10, 1)


@pytest.fixture
def books() -> Books:
    return Books(SETTINGS["DE"], drawn(Chance(1)), 100, Chance(2))


def customer(books: Books, name: str, *amounts: int, on_file: bool = False) -> Party:
    party = books.party("customer", name)
    party.on_file = on_file
    for amount in amounts:
        books.entry(party, amount=amount, posted=POSTED).discount_date = None
    return party


def judged(books: Books, party: Party, amount: int, claim: str = "sum", **more: object) -> str:
    line = Line("", amount, [], DAY, claim=claim, party=party, name=party.name)
    for name, value in more.items():
        setattr(line, name, value)
    accountant = Accountant(books)
    accountant.compare([line])
    return accountant.judge(line)


def test_one_entry_of_the_amount_is_decidable_and_two_are_not(books: Books) -> None:
    assert judged(books, customer(books, "Adler Druck GmbH", 10000, 25000), 10000) == KEEP
    assert judged(books, customer(books, "Fink Papier GmbH", 10000, 10000), 10000) == AMBIGUOUS


def test_a_sum_is_decidable_unless_another_sum_or_entry_makes_it(books: Books) -> None:
    assert judged(books, customer(books, "Adler Druck GmbH", 10000, 25000, 70000), 35000) == KEEP
    party = customer(books, "Fink Papier GmbH", 10000, 25000, 35000)
    assert judged(books, party, 35000) == AMBIGUOUS


def test_a_discount_in_time_makes_a_second_answer(books: Books) -> None:
    party = customer(books, "Adler Druck GmbH", 9800, 10000)
    assert judged(books, party, 9800) == KEEP
    books.terms(party.entries[1], DAY + timedelta(1))
    assert judged(books, party, 9800) == AMBIGUOUS
    books.terms(party.entries[1], DAY - timedelta(1))
    assert judged(books, party, 9800) == KEEP, "the discount is late"


def test_two_parties_of_a_name_are_told_apart_by_the_account_on_file(books: Books) -> None:
    first = customer(books, "Adler Druck GmbH", 10000, on_file=True)
    customer(books, "Adler Druck GmbH", 20000)
    assert judged(books, first, 10000) == AMBIGUOUS
    assert judged(books, first, 10000, account=first.account) == KEEP


def test_a_damaged_name_must_be_near_one_party_only(books: Books) -> None:
    party = customer(books, "Kamtalberg Druck GmbH", 10000)
    assert judged(books, party, 10000, name="Kamtalbreg Druck GmbH") == KEEP
    customer(books, "Kamtalborg Druck GmbH", 20000)
    assert judged(books, party, 10000, name="Kamtalbreg Druck GmbH") == AMBIGUOUS


def test_a_cut_number_may_be_told_by_what_the_others_leave_of_the_amount(books: Books) -> None:
    party = customer(books, "Adler Druck GmbH", 10000, 20000, 30000)
    first, second, third = party.entries
    third.no = second.no[:-1] + ("8" if second.no[-1] != "8" else "9")
    stated = [first.no, second.no[:-1]]
    assert judged(books, party, 30000, "cut", stated=stated) == KEEP
    assert judged(books, party, 33000, "cut", stated=stated) == AMBIGUOUS


def test_the_same_words_in_another_order_are_the_name(books: Books) -> None:
    party = customer(books, "Kamtalberg Druck GmbH", 10000)
    customer(books, "Kamtalborg Druck GmbH", 20000)
    assert judged(books, party, 10000, name="Druck GmbH Kamtalberg") == KEEP


def test_last_digits_of_two_entries_are_told_apart_by_the_amount(books: Books) -> None:
    party = customer(books, "Adler Druck GmbH", 10000, 20000)
    tail = [party.entries[0].no[-1]]
    party.entries[1].no = party.entries[0].no[:-2] + "99" + tail[0]
    assert judged(books, party, 10000, "digits", stated=tail) == KEEP
    assert judged(books, party, 30000, "digits", stated=tail) == AMBIGUOUS


def test_an_abbreviated_name_is_known_by_a_word_that_nobody_else_has(books: Books) -> None:
    party = customer(books, "Kamtalberg Maschinenbau GmbH", 10000)
    assert judged(books, party, 10000, name="Kamtalberg Masch.bau GmbH") == KEEP
    customer(books, "Kamtalberg Maschinen GmbH", 20000)
    assert judged(books, party, 10000, name="Kamtalberg Masch.bau GmbH") != KEEP


def test_a_stranger_who_is_nearly_a_customer_is_left_out(books: Books) -> None:
    party = customer(books, "Kamtalberg Druck GmbH", 10000)
    assert judged(books, party, 10000, "stranger", name="Velmoor Holzbau AG") == KEEP
    assert judged(books, party, 10000, "stranger", name="Kamtalbreg Druck GmbH") == LEAVE_OUT


def test_a_tie_that_the_data_decide_is_left_out(books: Books) -> None:
    party = customer(books, "Adler Druck GmbH", 10000, 10000)
    assert judged(books, party, 10000, "tie") == KEEP
    other = customer(books, "Fink Papier GmbH", 10000)
    assert judged(books, other, 10000, "tie") == LEAVE_OUT


def test_a_damaged_number_must_not_be_another_entry_of_the_payer(books: Books) -> None:
    party = customer(books, "Adler Druck GmbH", 10000, 20000)
    own, other = party.entries
    damaged = own.no[:-1] + ("X" if own.no[-1] != "X" else "Y")
    assert judged(books, party, 10000, "damaged", stated=[damaged]) == KEEP
    assert judged(books, party, 10000, "damaged", stated=[other.no]) == LEAVE_OUT


def test_what_last_week_settled_is_no_answer(books: Books) -> None:
    party = customer(books, "Adler Druck GmbH", 10000, 10000)
    line = Line("", 10000, [], DAY, claim="sum", party=party, name=party.name)
    accountant = Accountant(books)
    accountant.compare([line])
    assert accountant.judge(line) == AMBIGUOUS
    accountant.closed_entries({party.entries[0]})
    assert accountant.judge(line) == KEEP
