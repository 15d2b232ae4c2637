"""In whatever order and by whatever way lines are decided, the answers are the same."""

import datetime as dt

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.config import Settings
from pipeline.domain import frames
from pipeline.matching import propose
from tests.matching import worlds
from tests.matching.worlds import ACCOUNTS, PARTIES, Row, frame

SETTINGS = Settings(ledger="")
OLDEST = Settings(ledger="", policy={**SETTINGS.policy, "ambiguous": "fifo"})
POLICIES = st.sampled_from([SETTINGS, OLDEST])
Proposed = tuple[pl.DataFrame, pl.DataFrame]


def proposals(
    lines: list[Row],
    entries: list[Row],
    bank: list[Row],
    taught: list[Row],
    *,
    policy: Settings = SETTINGS,
    bulk: bool = True,
) -> Proposed:
    books = frame(entries, frames.ENTRIES)
    left = pl.col("remaining_amount") != 0
    return propose(
        frame(lines, frames.LINES), books.filter(left), frame(bank, frames.BANK_ENTRIES),
        frame(PARTIES, frames.PARTIES), ACCOUNTS, policy, books.filter(~left), bulk=bulk,
        mappings=frame(taught, frames.MAPPINGS),
    )  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(worlds.lines(), worlds.entries(), worlds.bank_entries(), worlds.mappings(), POLICIES)
def test_deciding_in_bulk_answers_as_deciding_line_by_line(
    lines: list[Row], entries: list[Row], bank: list[Row], taught: list[Row], policy: Settings
) -> None:
    fast, careful = (
        proposals(lines, entries, bank, taught, policy=policy),
        proposals(lines, entries, bank, taught, policy=policy, bulk=False),
    )
    assert fast[0].to_dicts() == careful[0].to_dicts()
    assert fast[1].to_dicts() == careful[1].to_dicts()


@settings(max_examples=40, deadline=None)
@given(worlds.silent_lines(), worlds.owed(), st.just([]) | worlds.bank_entries(), POLICIES)
def test_so_are_payers_who_name_no_document(
    lines: list[Row], entries: list[Row], bank: list[Row], policy: Settings
) -> None:
    fast, careful = (
        proposals(lines, entries, bank, [], policy=policy, bulk=bulk) for bulk in (True, False)
    )
    assert fast[0].to_dicts() == careful[0].to_dicts()
    assert fast[1].to_dicts() == careful[1].to_dicts()


@settings(max_examples=20, deadline=None)
@given(
    worlds.lines(),
    worlds.entries(),
    worlds.bank_entries(),
    worlds.mappings(),
    st.randoms(use_true_random=False),
)
def test_the_order_of_rows_decides_nothing(
    lines: list[Row], entries: list[Row], bank: list[Row], taught: list[Row], chance: object
) -> None:
    once = proposals(lines, entries, bank, taught)
    for rows in (lines, entries, bank, taught):
        chance.shuffle(rows)  # type: ignore[attr-defined]
    again = proposals(lines, entries, bank, taught)
    assert once[0].equals(again[0])
    assert once[1].equals(again[1])


@settings(max_examples=25, deadline=None)
@given(worlds.lines(), worlds.entries(), worlds.bank_entries(), worlds.mappings(), POLICIES)
def test_all_days_in_one_call_settle_what_a_call_for_each_day_settles(
    lines: list[Row], entries: list[Row], bank: list[Row], taught: list[Row], policy: Settings
) -> None:
    once = settled(proposals(lines, entries, bank, taught, policy=policy))
    posted: dict[int, list[Row]] = {}
    for day in sorted({line["booking_date"] for line in lines}):
        while fresh := _night(lines, entries, bank, taught, posted, day, policy):
            posted |= fresh
            entries, bank = _after(entries, bank, fresh)
    assert posted == once


def _night(
    lines: list[Row], entries: list[Row], bank: list[Row], taught: list[Row],
    posted: dict[int, list[Row]], day: dt.date, policy: Settings,
) -> dict[int, list[Row]]:  # fmt: skip
    due = [li for li in lines if li["booking_date"] <= day and li["line_id"] not in posted]
    return settled(proposals(due, entries, bank, taught, policy=policy))


def settled(found: Proposed) -> dict[int, list[Row]]:
    """The rows of each line that posts itself."""
    heads, rows = found
    high = heads.filter((pl.col("rank") == 1) & (pl.col("confidence") == "high"))
    best = rows.filter(pl.col("rank") == 1).join(high, on="line_id", how="semi")
    by_line: dict[int, list[Row]] = {}
    for row in best.to_dicts():
        by_line.setdefault(row["line_id"], []).append(row)
    return by_line


def _after(
    entries: list[Row], bank: list[Row], posted: dict[int, list[Row]]
) -> tuple[list[Row], list[Row]]:
    taken: dict[tuple[str, int], int] = {}
    for rows in posted.values():
        for row in rows:
            key = (row["target"], row["target_id"])
            taken[key] = taken.get(key, 0) + row["entry_amount"]
    left = []
    for rows, target, name in (
        (entries, "entry", "entry_id"),
        (bank, "bank_entry", "bank_entry_id"),
    ):
        lowered = [
            row | {"remaining_amount": row["remaining_amount"] - taken.get((target, row[name]), 0)}
            for row in rows
        ]
        left.append(lowered if target == "entry" else [r for r in lowered if r["remaining_amount"]])
    return left[0], left[1]


@settings(max_examples=25, deadline=None)
@given(worlds.lines(), worlds.entries(), worlds.bank_entries(), worlds.mappings(), POLICIES)
def test_no_entry_is_settled_beyond_what_is_open_and_no_line_beyond_its_amount(
    lines: list[Row], entries: list[Row], bank: list[Row], taught: list[Row], policy: Settings
) -> None:
    found = settled(proposals(lines, entries, bank, taught, policy=policy))
    amounts = {line["line_id"]: line["amount"] for line in lines}
    for number, rows in found.items():
        assert sum(row["applied_amount"] for row in rows) == amounts[number]
    for target, open_rows, name in (("entry", entries, "entry_id"),
                                    ("bank_entry", bank, "bank_entry_id")):  # fmt: skip
        for row in open_rows:
            took = sum(r["entry_amount"] for rows in found.values() for r in rows
                       if (r["target"], r["target_id"]) == (target, row[name]))  # fmt: skip
            left = row["remaining_amount"] - took
            assert left * (1 if row["remaining_amount"] > 0 else -1) >= 0
            assert abs(left) <= abs(row["remaining_amount"])
