"""Nights, decisions and corrections in any order: the books hold after each of them.

``LETTRAGE_TEST_EXAMPLES=1000 pytest tests/ledger/test_any_corrections.py`` plays a thousand.
"""

import tempfile
from pathlib import Path

from hypothesis import example, given
from hypothesis import settings as profile
from hypothesis import strategies as st

from tests.ledger.office import WEEKS, WORK, Office, Sequence, content, done, played
from tests.long import examples
from tests.postgres import Server
from tests.posting.books_of_a_week import Week
from tests.prepared import postgres_of

sequences = st.lists(st.tuples(st.sampled_from(list(WORK)), st.integers(0, 5)), min_size=4,
                     max_size=9)  # fmt: skip
EUROS, FRANCS = WEEKS[::2], WEEKS[1::2]
LONG: Sequence = [
    ("night", 0), ("unapply", 0), ("apply_again", 0), ("unapply", 0), ("close", 0), ("reopen", 0),
    ("close", 0), ("night", 0), ("undo_statement", 0), ("reverse", 3), ("accept", 0),
    ("undo_statement", 0), ("undo_statement", 0), ("reverse", 1), ("night", 0), ("accept", 1),
    ("unapply", 1), ("reopen", 0), ("reverse", 4), ("apply_again", 0), ("night", 0),
    ("outside", 1), ("unapply", 0), ("outside", 0), ("open_outside", 0), ("reverse", 0),
    ("open_outside", 1), ("night", 0),
]  # fmt: skip
BY_HAND: Sequence = [
    ("ingest", 0), ("park", 1), ("teach", 0), ("match", 0), ("taxes", 1), ("post", 0), ("apply", 1),
    ("accept", 1), ("hand_over", 0), ("reconcile", 0), ("park", 1), ("teach", 0), ("night", 0),
    ("apply", 3), ("disagree", 3), ("apply", 2), ("apply_later", 0), ("end_conflict", 0),
    ("undo_decision", 0), ("disagree", 1), ("night", 0), ("end_conflict", 0),
    ("reverse", 2), ("reject", 0), ("rates", 0), ("unapply", 0), ("apply_later", 0),
    ("hand_over", 0), ("teach", 1),
    ("rename", 1), ("taxes", 0), ("night", 0), ("apply", 0), ("reverse", 5), ("close", 2),
]  # fmt: skip


@profile(max_examples=examples(4), deadline=None)
@given(sequences, st.sampled_from(FRANCS))
@example([*LONG[:9], ("rates", 1), *LONG[9:20], ("rates", 0), *LONG[20:]], FRANCS[0])
@example([("rates", 0), *LONG], FRANCS[1])
def test_so_do_books_whose_currency_is_another_one(sequence: Sequence, week: Week) -> None:
    """What has a value keeps it, and nothing is refused because of one."""
    with tempfile.TemporaryDirectory() as folder:
        office = Office(f"sqlite:///{folder}/ledger.db", Path(folder), week)
        for name, place in [("night", 0), *sequence]:
            said = done(office, name, place)
            assert "value" not in said, name
            assert "company" not in said, name
            office.holds()


@profile(max_examples=examples(6), deadline=None)
@given(sequences, st.sampled_from(EUROS))
@example(LONG, EUROS[0])
@example(BY_HAND, EUROS[1])
def test_the_books_hold_after_whatever_people_do(sequence: Sequence, week: Week) -> None:
    with tempfile.TemporaryDirectory() as folder:
        office = Office(f"sqlite:///{folder}/ledger.db", Path(folder), week)
        played(office, [("night", 0), *sequence], office.holds)


@profile(max_examples=examples(1), deadline=None)
@given(sequences, st.sampled_from(WEEKS))
@example(LONG, EUROS[0])
@example(BY_HAND, FRANCS[1])
def test_both_databases_hold_the_same_after_all_of_it(
    server: Server, sequence: Sequence, week: Week
) -> None:
    with tempfile.TemporaryDirectory() as folder, postgres_of(server) as other:
        offices = [
            Office(url, Path(folder) / str(place), week)
            for place, url in enumerate((f"sqlite:///{folder}/ledger.db", other))
        ]
        for name, place in [("night", 0), *sequence]:
            one, two = (done(office, name, place) for office in offices)
            assert bool(one) == bool(two), (name, one, two)
        for office in offices:
            office.holds()
        assert len({content(office.settings) for office in offices}) == 1
