"""What is left is parked: on clearing, its exception open, and released once it is explained."""

import datetime as dt
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipeline import config, decisions, ledger, steps
from pipeline.decisions import Wish
from pipeline.demo import samples
from pipeline.ledger.export import export
from pipeline.ledger.verify import verify
from tests.prepared import after_first_night, books, parking

NIGHTS = [samples() / "night-1", samples() / "night-2"]
PARKED = pl.col("status") == "parked"


def nights(settings: config.Settings, *chosen: Any) -> dict[str, Any]:
    for night in chosen:
        receipt = steps.nightly(settings, [night], "tester")
    return receipt


def exported(settings: config.Settings, kind: str) -> pl.DataFrame:
    with ledger.open(settings.ledger) as book:
        return export(book, kind)


def clearing(settings: config.Settings) -> dict[str, int]:
    """Balance of the clearing account by currency, minor units, debit positive."""
    with ledger.open(settings.ledger) as book:
        return dict(
            book.rows(
                "SELECT currency, sum(amount) FROM posting WHERE gl_account = 'CLEARING'"
                " GROUP BY currency"
            )
        )


def registers(settings: config.Settings) -> int:
    with ledger.open(settings.ledger) as book:
        return int(book.rows("SELECT count(*) FROM register")[0][0])


def holds(settings: config.Settings) -> None:
    """The books hold, the proof ties, and another night writes no register."""
    before = registers(settings)
    steps.nightly(settings, NIGHTS, "tester")
    assert registers(settings) == before
    with ledger.open(settings.ledger) as book:
        assert [(c.invariant, c.ids) for c in verify(book) if c.violations] == []
    assert steps.night_report(settings)["problems"] == []


def item(settings: config.Settings, bank_account: str, statement: str, line: int) -> int:
    row = exported(settings, "exceptions").filter(
        (pl.col("bank_account_no") == bank_account)
        & (pl.col("statement_no") == statement)
        & (pl.col("line_no") == line)
    )
    return int(row["id"][0])


def applied(settings: config.Settings, statement: str, line: int) -> list[tuple[Any, ...]]:
    rows = exported(settings, "applications").filter(
        (pl.col("bank_account_no") == "DE-EUR")
        & (pl.col("statement_no") == statement)
        & (pl.col("line_no") == line)
    )
    return rows.select("document_no", "gl_account", "applied_amount", "status").rows()


def test_the_month_end_parks_what_is_left_and_closes_every_statement(
    first_night: config.Settings,
) -> None:
    settings = first_night
    assert exported(settings, "lines").filter(PARKED).is_empty(), "October is not over"
    receipt = nights(settings, NIGHTS[1])
    lines = exported(settings, "lines").filter(PARKED)
    assert receipt["park"]["parked_lines"] == lines.height > 10
    assert (lines["reason"] != "").all(), "each keeps its open exception"
    assert exported(settings, "exceptions").height == lines.height
    assert set(exported(settings, "statements")["status"]) == {"reconciled"}
    assert steps.complete_months(settings) == ["2026-10"]
    by_currency = lines.group_by("currency").agg(
        pl.col("amount").str.replace(".", "", literal=True).cast(pl.Int64).sum()
    )
    assert clearing(settings) == {code: -amount for code, amount in by_currency.rows()}
    holds(settings)


def test_both_nights_in_one_run_park_the_same_lines(
    sqlite_two_nights: config.Settings, tmp_path: Path
) -> None:
    other = books(f"sqlite:///{tmp_path}/other.db")
    steps.nightly(other, NIGHTS, "tester")
    for kind in ("lines", "applications", "gl", "exceptions"):
        columns = [name for name in exported(other, kind).columns if name != "id"]
        one, two = (exported(s, kind).select(columns) for s in (sqlite_two_nights, other))
        assert one.sort(columns).equals(two.sort(columns)), kind
    holds(other)


@pytest.mark.parametrize("park", ["never", "nightly"])
def test_the_policy_says_when(sqlite_settings: config.Settings, park: str) -> None:
    chosen = parking(sqlite_settings, park)
    receipt = nights(chosen, NIGHTS[0])
    lines = exported(chosen, "lines")
    waiting = lines.filter(pl.col("status").is_in(["unmatched", "proposed"]))
    assert (lines.filter(PARKED).height, waiting.height) == {
        "never": (0, 3),
        "nightly": (3, 0),
    }[park]
    assert receipt["park"]["parked_lines"] == lines.filter(PARKED).height
    nights(chosen, NIGHTS[1])
    holds(chosen)


def test_the_command_parks_what_was_booked_until_a_day(tmp_path: Path) -> None:
    chosen = after_first_night(f"sqlite:///{tmp_path}/ledger.db", "never")
    nights(chosen, NIGHTS[1])
    day = dt.date(2026, 10, 29)
    first = steps.park(chosen, day, "anna")
    assert first["parked_lines"] == exported(chosen, "lines").filter(PARKED).height > 0
    assert exported(chosen, "lines").filter(PARKED)["booking_date"].max() <= "2026-10-29"
    assert steps.park(chosen, day, "anna") == {"parked_lines": 0, "registers": 0}
    assert steps.park(chosen, None, "anna")["parked_lines"] > 0
    assert exported(chosen, "lines")["status"].is_in(["unmatched", "proposed"]).sum() == 0
    holds(chosen)


def test_what_is_parked_by_hand_leaves_later_lines_to_their_night(
    sqlite_settings: config.Settings,
) -> None:
    """Two nights at once: those of the second are no question before the first is done."""
    chosen = parking(sqlite_settings, "nightly")
    steps.ingest(chosen, NIGHTS, "anna")
    stop = steps.first_stop(chosen)
    assert stop is not None
    before = stop - dt.timedelta(days=1)
    assert steps.park(chosen, before, "anna")["parked_lines"] == 0
    assert steps.first_stop(chosen) == stop
    assert steps.park(chosen, stop, "anna")["parked_lines"] > 0
    with ledger.open(chosen.ledger) as book:
        asked = book.rows("SELECT max(opened_on) FROM exception_item")
    assert asked == [(stop.isoformat(),)]


def test_a_parked_line_that_a_person_applies_leaves_the_clearing_account(
    two_nights: config.Settings,
) -> None:
    settings = two_nights
    before = clearing(settings)["EUR"]
    wish = Wish(documents=(("RE-2026-1006", ""),))
    decisions.apply(settings, item(settings, "DE-EUR", "211", 4), wish, "anna")
    assert clearing(settings)["EUR"] == before + 25000
    assert sorted(applied(settings, "211", 4)) == [
        ("", "CLEARING", "-250.00", "reversed"),
        ("", "CLEARING", "250.00", "reversed"),
        ("RE-2026-1006", "", "250.00", "posted"),
    ]
    line = exported(settings, "lines").filter(
        (pl.col("bank_account_no") == "DE-EUR") & (pl.col("statement_no") == "211")
    )[3]
    assert line.select("status", "applied_amount", "unapplied_amount", "reason").row(0) == (
        "reconciled", "250.00", "0.00", "",
    )  # fmt: skip
    rows = exported(settings, "gl").filter(
        (pl.col("kind") == "release") & (pl.col("statement_no") == "211")
    )
    assert set(rows["posting_date"]) == {"2026-10-29"}
    assert sorted(rows.select("gl_account", "amount").rows()) == [
        ("AR", "-250.00"), ("CLEARING", "250.00"),
    ]  # fmt: skip
    holds(settings)
