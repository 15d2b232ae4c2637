"""Valuation: what was posted without a rate gets its value once there is one.

Source: accounting rules, section 1 (currencies). Again and again until nothing more has a value,
since a payment needs that of the entry it settles; a second run finds nothing and writes nothing.
"""

from collections.abc import Iterator
from typing import Any

import polars as pl

from pipeline import booking, ledger, posting, valuing
from pipeline.config import Settings
from pipeline.domain.values import Values
from pipeline.ledger import applied, company, corrections, posted, unvalued

Valued = tuple[pl.DataFrame, Values]
_ONCE = 20_000
"""Journal entries of one register."""


def value(book: ledger.Ledger, settings: Settings, actor: str) -> int:
    """Post the values that are known now; returns how many journal entries got one.

    In a register each, dated as what they value or on the first open day.
    """
    own, total = company.currency(book, settings), 0
    if not own:
        return 0
    head = unvalued.head(book)
    while True:
        left = unvalued.numbers(book, own)
        done = sum(
            _write(book, settings, actor, left[start : start + _ONCE], own)
            for start in range(0, len(left), _ONCE)
        )
        total += done
        if not done:
            break
    unvalued.remember(book, own, head)
    return total


def _write(
    book: ledger.Ledger, settings: Settings, actor: str, numbers: list[int], own: str
) -> int:
    heads, first_open = unvalued.dates(book, numbers), posted.first_open(book)
    parts = [
        _lines(book, settings, numbers, own),
        unvalued.loaded(book, settings, numbers),
        unvalued.settled_outside(book, numbers),
        *_unapplications(book, settings, heads),
    ]
    done = 0
    for legs, found in parts:
        journal = posting.valuation(legs, found, heads, first_open)
        if journal.journal_entries.height:
            written = booking.write(book, journal, settings, kind="valuation", actor=actor)
            done += int(written["journal_entries"])
    return done


def _lines(book: ledger.Ledger, settings: Settings, numbers: list[int], own: str) -> Valued:
    places = unvalued.places(book, numbers)
    found: dict[str, Any] = {
        name: frame.join(places, on="key", how="semi", maintain_order="left")
        for name, frame in corrections.journals_of(book, numbers).items()
        if name not in ("created", "numbers")
    }
    settled = found["applications"]
    controls = unvalued.controls(book, settled.filter(pl.col("target") == "entry")["target_id"])
    found["applications"] = settled.join(controls, on=["target", "target_id"], how="left",
                                         maintain_order="left")  # fmt: skip
    known = valuing.needed(book, settings, places, settled, own, numbers)
    stored = posting.Journal(**found, refused=pl.DataFrame())
    return posting.of_lines(stored, places, unvalued.created(book, numbers), settings, known)


def _unapplications(
    book: ledger.Ledger, settings: Settings, heads: pl.DataFrame
) -> Iterator[Valued]:
    """Each un-application of what has a value made again; where it comes out as it stands."""
    for head in heads.filter(pl.col("kind") == "unapplication").iter_rows(named=True):
        rows = applied.undone_by(book, head["no"])
        if rows.is_empty() or rows["entry_company"].has_nulls():
            continue
        shares = applied.taxes(book, rows)
        again = posting.unapply(rows, shares, head["posting_date"], "again", settings)
        key = pl.lit(head["key"]).alias("key")
        legs = again.postings.with_columns(key)
        there = corrections.journals_of(book, [head["no"]])["postings"]
        if posting.same(legs, there).height:
            found = again.values
            yield legs, Values(applications=found.applications.with_columns(key),
                               valuations=found.valuations.with_columns(key))  # fmt: skip
