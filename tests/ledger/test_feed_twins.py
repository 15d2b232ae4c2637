"""Overlapping OFX files and FITIDs that come again: one line, two lines, or a question."""

from pathlib import Path

import pytest

from pipeline import config
from tests.ledger.bank_files import IBAN, exported, mt940, night, ofx, statements


def test_b33_b34_b35_overlapping_ofx_ranges_and_twin_payments(
    one_bank: config.Settings, tmp_path: Path
) -> None:
    a, b = ("20260105", "5.00", "", "Twin"), ("20260106", "7.00", "F2", "Other")
    night(one_bank, tmp_path / "a", x=ofx("20260105", "5.00", a))
    receipt = night(one_bank, tmp_path / "b", x=ofx("20260106", "17.00", a, a, b))
    assert receipt["lines"] == 2
    assert exported(one_bank, "lines")["amount"].to_list() == ["5.00", "5.00", "7.00"]
    assert exported(one_bank, "statements")["opening"].to_list() == ["0.00", "5.00"]


def test_the_same_fitid_with_another_text_is_the_same_line(
    one_bank: config.Settings, tmp_path: Path
) -> None:
    night(one_bank, tmp_path / "a", x=ofx("20260105", "5.00", ("20260105", "5.00", "F1", "A")))
    changed = ("20260105", "5.00", "F1", "A changed")
    night(one_bank, tmp_path / "b", x=ofx("20260106", "5.00", changed))
    assert exported(one_bank, "lines").height == 1
    assert [row[0] for row in statements(one_bank)] == ["2026-01-05", "2026-01-06"]


@pytest.mark.parametrize(
    ("closing", "lines", "fate"),
    [("20.00", 2, "received"), ("15.00", 1, "received"), ("99.00", 2, "held")],
)
def test_b53_a_fitid_twice_in_one_file_is_decided_by_the_balance(
    one_bank: config.Settings, tmp_path: Path, closing: str, lines: int, fate: str
) -> None:
    night(one_bank, tmp_path / "a", x=ofx("20260104", "10.00", ("20260104", "10.00", "F0", "A")))
    twice = ("20260105", "5.00", "F1", "A")
    night(one_bank, tmp_path / "b", x=ofx("20260105", closing, twice, twice))
    assert exported(one_bank, "lines").height == 1 + lines
    assert statements(one_bank)[1][1] == fate


def test_two_ofx_statements_of_one_day_are_numbered(
    one_bank: config.Settings, tmp_path: Path
) -> None:
    night(one_bank, tmp_path / "a", x=ofx("20260105", "5.00", ("20260105", "5.00", "F1", "A")))
    night(one_bank, tmp_path / "b", x=ofx("20260105", "6.00", ("20260105", "1.00", "F2", "A")))
    night(one_bank, tmp_path / "c", x=ofx("20260105", "8.00", ("20260105", "2.00", "F3", "A")))
    assert [row[0] for row in statements(one_bank)] == [
        "2026-01-05",
        "2026-01-05/2",
        "2026-01-05/3",
    ]


def test_b54_announced_lines_never_count_and_the_booked_one_takes_them_over(
    one_bank: config.Settings, tmp_path: Path
) -> None:
    intraday = (
        f":20:I\n:25:{IBAN}\n:28C:1/1\n:34F:EUR0,\n:13D:2601051200+0100\n"
        ":61:2601050105C5,00NTRFNONREF//R1\n:90C:1EUR5,00\n-\n"
    )
    night(one_bank, tmp_path / "a", x=intraday)
    assert exported(one_bank, "lines")["status"].to_list() == ["announced"]
    night(one_bank, tmp_path / "b", x=mt940("1", "260105", 0, 500))
    assert exported(one_bank, "lines")["status"].to_list() == ["unmatched"]


def test_a_changed_text_under_one_fitid_is_kept_beside_the_line(
    one_bank: config.Settings, tmp_path: Path
) -> None:
    def file(day: str, name: str, *more: tuple[str, str, str, str]) -> str:
        return ofx(day, "5.00" if not more else "6.00", ("20260105", "5.00", "F1", name), *more)

    night(one_bank, tmp_path / "a", x=file("20260105", "TERMINAL 12"))
    again = night(one_bank, tmp_path / "b", x=file("20260105", "Bakery"))
    assert (again["lines"], again["changed_texts"]) == (0, 1)
    same = night(one_bank, tmp_path / "c", x=file("20260105", "Bakery").replace("\n", "\r\n"))
    assert "changed_texts" not in same
    other = ("20260106", "1.00", "F2", "B")
    night(one_bank, tmp_path / "d", x=file("20260106", "Bakery Ltd", other))
    lines, revisions = exported(one_bank, "lines"), exported(one_bank, "revisions")
    assert lines["counterparty_name"].to_list() == ["TERMINAL 12", "B"]
    assert revisions.select("bank_reference", "line_no", "text").rows() == [
        ("F1", 1, "Bakery"),
        ("F1", 1, "Bakery Ltd"),
    ]
    assert revisions["file_sha256"].n_unique() == 2


def test_of_twins_under_one_fitid_nobody_knows_which_one_changed(
    one_bank: config.Settings, tmp_path: Path
) -> None:
    twins = [("20260105", "5.00", "F1", name) for name in ("A", "B")]
    night(one_bank, tmp_path / "a", x=ofx("20260105", "10.00", *twins))
    changed = [("20260105", "5.00", "F1", name) for name in ("A", "C")]
    receipt = night(one_bank, tmp_path / "b", x=ofx("20260105", "10.00", *changed))
    assert "changed_texts" not in receipt
    assert exported(one_bank, "lines").height == 2
