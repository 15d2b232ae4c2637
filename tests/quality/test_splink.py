"""Splink as a peer; what needs it is left out where the group ``benchmarks`` is not installed."""

import polars as pl
import pytest

from benchmarks.quality.books import Books
from benchmarks.quality.figures import figures
from benchmarks.quality.judge import judge
from benchmarks.quality.settling import items
from benchmarks.quality.splink_frames import item_rows, line_rows
from tests.quality.small_world import truth


def test_lines_and_items_come_in_the_same_columns_with_numbers_bare_of_separators(
    sample_books: Books,
) -> None:
    every = items(sample_books)
    lines, rows = line_rows(sample_books), item_rows(sample_books, every)
    assert lines.schema == rows.schema
    line = lines.row(by_predicate=pl.col("unique_id") == "HB0003", named=True)
    assert line["numbers"] == ["GS20260007", "RE20261004", "RE20261005"]
    assert line["names"] == "elektro kessler"
    owner = rows.filter(pl.col("customer").list.contains("10020"))
    assert set(owner["names"]) == {"brandt soehne"}


def test_splink_posts_most_of_the_small_world_and_nothing_wrong(sample_books: Books) -> None:
    pytest.importorskip("splink")
    from benchmarks.quality import splink_peer

    found = figures(judge(*truth(), splink_peer.answer(sample_books))).to_dicts()[0]
    assert found["posted_wrong"] == 0
    assert found["posted_right"] >= 6
    careful = figures(judge(*truth(), splink_peer.answer_carefully(sample_books)))
    assert careful["posted"].item() <= found["posted"]
