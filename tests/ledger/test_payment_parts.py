"""What a reference stands for is written once, by whoever comes first, and stays that."""

from concurrent.futures import ThreadPoolExecutor

import polars as pl
import pytest

from pipeline import config, ledger
from pipeline.domain import frames
from pipeline.domain.errors import KeyConflictError
from pipeline.ledger import payment_parts
from pipeline.ledger.content import content_hash
from pipeline.ledger.verify import verify
from tests.ledger import loading

RF, OTHER = "RF81726606372209337072", "RF18539007547034"


@pytest.fixture
def settings(url: str, tmp_path_factory: pytest.TempPathFactory) -> config.Settings:
    folder = tmp_path_factory.mktemp("company")
    found = loading.company(url, folder)
    loading.take(found, folder, "ledger-entries", loading.ENTRIES)
    return found


def part(reference: str, *rows: tuple[int, int]) -> pl.DataFrame:
    cells = [(reference, "customer", "C1", "EUR", number, amount) for number, amount in rows]
    return pl.DataFrame(cells, schema=frames.PAYMENT_PARTS, orient="row")


def test_a_part_is_kept_once_and_read_by_its_reference(settings: config.Settings) -> None:
    with ledger.open(settings.ledger) as book:
        number = book.rows("SELECT id FROM entry WHERE party_no = 'C1'")[0][0]
        before = content_hash(book)
        assert payment_parts.store(book, part(RF, (number, 10_000)), "anna") == 1
        assert payment_parts.store(book, part(RF, (number, 10_000)), "berta") == 0
        assert payment_parts.store(book, part(OTHER, (number, 4_000)), "anna") == 1
        assert content_hash(book) != before
        assert [c.invariant for c in verify(book) if c.violations] == []
        found = payment_parts.named(book, [RF, "", "x'y", "RF00"])
    assert found.select("payment_reference", "entry_id", "stated_amount", "document_no").rows() == [
        (RF, number, 10_000, "R1")
    ]
    assert found["remaining_amount"].to_list() == [10_000]


def test_a_reference_never_stands_for_something_else(settings: config.Settings) -> None:
    with ledger.open(settings.ledger) as book:
        number = book.rows("SELECT id FROM entry WHERE party_no = 'C1'")[0][0]
        payment_parts.store(book, part(RF, (number, 10_000)), "anna")
        both = pl.concat([part(OTHER, (number, 10_000)), part(RF, (number, 9_999))])
        with pytest.raises(KeyConflictError, match=f"{RF} stands for other entries"):
            payment_parts.store(book, both, "anna")
        assert payment_parts.named(book, [OTHER]).is_empty(), "nothing of it was written"


def test_two_at_once_write_it_once(settings: config.Settings) -> None:
    def store(actor: str) -> int:
        with ledger.open(settings.ledger) as book:
            number = book.rows("SELECT id FROM entry WHERE party_no = 'C1'")[0][0]
            return payment_parts.store(book, part(RF, (number, 10_000)), actor)

    with ThreadPoolExecutor(4) as threads:
        assert sorted(threads.map(store, "abcd")) == [0, 0, 0, 1]
