"""Files that are refused: told once, listed, and the others go through."""

import os
from pathlib import Path

from pipeline import config
from tests.ledger.bank_files import mt940, night, ofx, statements


def test_a_refused_statement_is_seen_beside_the_others(
    one_bank: config.Settings, tmp_path: Path
) -> None:
    cut = mt940("2", "260106", 500, 100).split(":62F:")[0]
    receipt = night(one_bank, tmp_path / "a", x=mt940("1", "260105", 0, 500) + cut)
    assert receipt["problems"] == [
        "x: statement 2, line 8: cut: field :62F: is missing; expected the closing balance"
    ]
    assert sorted(statements(one_bank)) == [("1", "received", ""), ("2", "refused", "cut")]
    night(one_bank, tmp_path / "b", x=mt940("2", "260106", 500, 100))
    assert sorted(statements(one_bank)) == [("1", "received", ""), ("2", "received", "")]


def test_b61_what_is_no_regular_file_is_refused_by_name_and_the_others_go_through(
    one_bank: config.Settings, tmp_path: Path
) -> None:
    inbox = tmp_path / "a"
    inbox.mkdir()
    os.mkfifo(inbox / "pipe")
    (inbox / "link").symlink_to(__file__)
    (inbox / "folder").mkdir()
    (inbox / "half.sta.part").write_text("x")
    (inbox / ".hidden").write_text("x")
    receipt = night(one_bank, inbox, good=mt940("1", "260105", 0, 500))
    assert receipt["problems"] == [
        "link: is a link; expected a regular file",
        "pipe: is no regular file; refused",
    ]
    assert receipt["received"] == 1
    assert not any("pipe" in text for text in receipt["problems_by_hash"])  # type: ignore[attr-defined]


def test_b61_what_cannot_be_read_is_told_once_and_stays_in_the_list(
    one_bank: config.Settings, tmp_path: Path
) -> None:
    inbox = tmp_path / "a"
    inbox.mkdir()
    os.mkfifo(inbox / "pipe")
    (inbox / os.fsdecode(b"x" * 250 + b"\xff.s")).write_text(mt940("1", "260105", 0, 500))
    assert night(one_bank, inbox)["problems"] == ["pipe: is no regular file; refused"]
    assert night(one_bank, inbox)["problems"] == []
    assert sorted(statements(one_bank)) == [("", "refused", "not_readable"), ("1", "received", "")]


def test_a_wholly_refused_file_is_one_row_until_the_same_statements_come_whole(
    one_bank: config.Settings, tmp_path: Path
) -> None:
    one, two = mt940("1", "260105", 0, 500), mt940("2", "260106", 500, 100)
    cut = one.split(":62F:")[0] + two.split(":62F:")[0]
    receipt = night(one_bank, tmp_path / "a", x=cut)
    assert receipt["refused"] == 2
    assert [text.partition(": ")[2] for text in receipt["problems_by_hash"]] == [
        "statement 1, line 1: cut",
        "statement 2, line 6: cut",
    ]
    assert statements(one_bank) == [("", "refused", "cut")]
    night(one_bank, tmp_path / "b", x=one)
    assert sorted(statements(one_bank)) == [("", "refused", "cut"), ("1", "received", "")]
    night(one_bank, tmp_path / "c", x=two)
    assert statements(one_bank) == [("1", "received", ""), ("2", "received", "")]


def test_logs_get_codes_and_hashes_and_no_text_of_the_file(
    one_bank: config.Settings, tmp_path: Path
) -> None:
    bad = mt940("1", "260105", 0, 900).replace(":60F:C260105EUR0,00", ":60F:Anna Canary")
    worse = ofx("20260105", "5.00", ("20260105", "Anna Canary", "F1", "A"))
    receipt = night(one_bank, tmp_path / "a", canary=bad, canary2=worse, canary3="Anna Canary")
    assert len(receipt["problems_by_hash"]) == 3
    assert "anary" not in str(receipt["problems_by_hash"])
