"""A later match of a run finds by what was searched before what a search anew finds."""

from dataclasses import replace
from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from pipeline.domain import frames
from pipeline.matching import Searches, evidence
from pipeline.matching.open_items import OpenItems
from tests.matching import worlds
from tests.matching.worlds import ACCOUNTS, PARTIES, Row, frame

CALLED = [{"entry_id": 2, "your_reference": "PO-778899"}]


def found(lines: list[Row], items: OpenItems, searches: Searches) -> dict[str, pl.DataFrame]:
    """The evidence of the lines, frame by frame."""
    day = pl.col("booking_date").alias("day")
    said = evidence.find(frame(lines, frames.LINES).with_columns(day), items, searches)
    return {name: getattr(said, name) for name in said.__slots__}


def books(entries: list[Row], parties: list[Row], taught: list[Row]) -> OpenItems:
    """Entries by what remains of them; what nothing remains of is closed."""
    every = frame(entries, frames.ENTRIES)
    left = pl.col("remaining_amount") != 0
    return OpenItems(
        every.filter(left), frames.empty(frames.BANK_ENTRIES), frame(parties, frames.PARTIES),
        ACCOUNTS, every.filter(~left), frame(taught, frames.MAPPINGS),
        frame(CALLED, frames.REFERENCES), frames.empty(frames.NAMED_PARTS),
    )  # fmt: skip


def same(one: dict[str, pl.DataFrame], other: dict[str, pl.DataFrame]) -> None:
    for name, rows in one.items():
        assert_frame_equal(rows, other[name], check_row_order=name in ("named", "payers", "near"))


@settings(max_examples=15, deadline=None)
@given(worlds.lines(), worlds.entries(), worlds.mappings(), st.data())
def test_what_a_run_searched_before_is_what_it_finds_anew(
    lines: list[Row], entries: list[Row], taught: list[Row], data: st.DataObject
) -> None:
    """Between two matches lines and entries come and go, and a party gets another name."""
    searches = Searches()
    parties = [*PARTIES]
    for _ in range(3):
        asked = data.draw(st.lists(st.sampled_from(lines), unique_by=_line))
        known = data.draw(st.lists(st.sampled_from(entries), unique_by=_entry))
        paid = data.draw(st.lists(st.sampled_from(entries), unique_by=_entry))
        gone = {_entry(entry) for entry in paid}
        stand = [{**e, "remaining_amount": 0} if _entry(e) in gone else e for e in known]
        if data.draw(st.booleans()):
            parties[2] = {**PARTIES[2], "name": data.draw(st.sampled_from(["Brant Bau", "Sommer"]))}
        items = books(stand, parties, taught)
        same(found(asked, items, searches), found(asked, items, Searches()))


def test_a_number_is_shared_by_those_entries_only_that_are_open() -> None:
    """Bare digits that too many open entries share name none of them, until some are paid."""
    many = [worlds.entry(n, 1000, document_no=f"A{n:02}-4711") for n in range(1, 25)]
    line = worlds.line(1, 1000, text="Zahlung 4711")
    searches = Searches()
    before = books(many, PARTIES, [])
    assert found([line], before, searches)["named"].is_empty()
    after = replace(before, entries=before.entries.head(20), closed=before.entries.tail(4))
    named = found([line], after, searches)["named"]
    assert named["entry_id"].to_list() == list(range(1, 21))


def _line(row: dict[str, Any]) -> int:
    return int(row["line_id"])


def _entry(row: dict[str, Any]) -> int:
    return int(row["entry_id"])
