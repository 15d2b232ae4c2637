"""Open entries by age: bands, and what is not applied in a column of its own."""

import datetime as dt
import functools
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from pipeline.statements.form import Form
from pipeline.statements.language import Language

_DATES = {"due": "due_date", "posting": "posting_date", "document": "document_date"}


def days_old(row: Mapping[str, Any], as_of: dt.date, aged_by: str) -> int:
    """Days from the entry's date to the as-of date; 0 where it has none or is later.

    Due on the day itself is not overdue. An entry without a document date has its posting date.
    """
    return ages((row,), as_of, aged_by)[0]


def ages(rows: Sequence[Mapping[str, Any]], as_of: dt.date, aged_by: str) -> list[int]:
    """``days_old`` of each row."""
    name, today = _DATES.get(aged_by, "due_date"), as_of.toordinal()
    dates = [row[name] for row in rows]
    if aged_by == "document":
        dates = [date or row["posting_date"] for date, row in zip(dates, rows, strict=True)]
    return [age if date and (age := today - date.toordinal()) > 0 else 0 for date in dates]


def bands(owed: Sequence[Mapping[str, Any]], as_of: dt.date, form: Form) -> list[int]:
    """Sums of what is owed by age, minor units: up to each limit of the form, then beyond.

    By due date the first band is what is not due yet.
    """
    limits = _limits(form)
    sums = [0] * (len(limits) + 1)
    for row, age in zip(owed, ages(owed, as_of, form.aged_by), strict=True):
        sums[bisect_left(limits, age)] += row["remaining_amount"]
    return sums


@functools.cache
def days(form: Form) -> list[tuple[int | None, int | None]]:
    """The first and the last day of each band; None where it has no such end."""
    limits = _limits(form)
    begins = (None if form.aged_by == "due" else 0, *(limit + 1 for limit in limits))
    return list(zip(begins, (*limits, None), strict=True))


def _limits(form: Form) -> tuple[int, ...]:
    return (0, *form.bands) if form.aged_by == "due" else form.bands


@functools.cache
def names(form: Form, words: Language) -> list[str]:
    """What the bands are called."""
    between = [
        words.say("between", first=low + 1, last=high) for low, high in pairwise((0, *form.bands))
    ]
    begin = [words.say("until", last=form.bands[0]), *between[1:]]
    if form.aged_by == "due":
        begin = [words.say("not_due"), *between]
    return [*begin, words.say("over", last=form.bands[-1])]
