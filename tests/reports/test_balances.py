"""The chain behind the bank proof: whatever is missing stands in it, to the cent."""

import datetime as dt
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from pipeline.reports.balances import follow

FIRST = dt.date(2026, 3, 2)


def row(place: int, opening: int | None, closing: int | None, net: int) -> dict[str, Any]:
    day = FIRST + dt.timedelta(days=place)
    return {
        "statement_id": place, "statement_no": str(place + 1), "page": "1", "from_date": day,
        "to_date": day, "opening": opening, "closing": closing, "complete": 1, "net": net,
        "before": 0, "currency": "EUR", "ord": None,
    }  # fmt: skip


@given(
    start=st.integers(-1000, 1000),
    nets=st.lists(st.integers(-500, 500), min_size=1, max_size=8),
    lost=st.sets(st.integers(0, 7)),
    closed=st.integers(0, 8),
    known=st.booleans(),
)
def test_gaps_are_what_the_lost_statements_moved(
    start: int, nets: list[int], lost: set[int], closed: int, known: bool
) -> None:
    rows, balance = [], start
    for place, net in enumerate(nets):
        rows.append(row(place, balance, balance + net, net))
        balance += net
    kept = [one for one in rows if one["statement_id"] not in lost]
    for place, one in enumerate(kept[:closed]):
        if kept[: place + 1] != rows[: place + 1]:  # a chain closes without gaps only
            break
        one["ord"] = place + 1
    found = follow(list(reversed(kept)), start if known else None)
    assert [link["statement_id"] for link in found.links] == [r["statement_id"] for r in kept]
    if not kept:
        assert found.closing == (start if known else 0)
        return
    assert found.closing == kept[-1]["closing"]
    begins = start if known else kept[0]["opening"]
    assert found.opening == begins
    assert begins + sum(link["net"] + link["gap"] for link in found.links) == found.closing


def test_ofx_statements_are_carried_on_until_the_bank_states_a_balance() -> None:
    """Of three files only the last has LEDGERBAL: it proves the two before, known start or not."""
    rows = [row(0, None, None, 10), row(1, None, None, 20), row(2, None, 130, 0)]
    for known in (100, None):
        found = follow(rows, known)
        assert (found.opening, found.closing, found.stated) == (100, 130, True)
        assert [link["gap"] for link in found.links] == [0, 0, 0]
    found = follow(rows[:2], 100)
    assert (found.closing, found.stated) == (130, False)
    found = follow([rows[0], row(2, None, 150, 30)], 100)
    assert [link["gap"] for link in found.links] == [0, 10]
