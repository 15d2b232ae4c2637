"""The chain of statements: what closes, what waits, and where the books begin."""

from pathlib import Path

import pytest

from pipeline import config, ledger, steps
from pipeline.ledger.verify import verify
from tests.ledger import bank_files
from tests.ledger.bank_files import IBAN, exported, mt940, ofx, statements

CUT_OVER = (
    "no,name,currency,iban,account_id,active_from,last_statement_date,last_statement_balance\n"
    f"B,Bank,EUR,{IBAN},37/1,2020-01-01,2026-01-05,95.00\n"
)
START = CUT_OVER.replace("2026-01-05,95.00", "2026-01-04,100.00")


def fees(number: str, day: str, opening: int, *cents: int, closing: int | None = None) -> str:
    """A statement of bank charges only: each is posted by itself."""
    text = mt940(number, day, opening, *(-value for value in cents), closing=closing)
    return text.replace("NTRF", "NCHG")


def night(settings: config.Settings, folder: Path, **files: str) -> None:
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text)
    steps.nightly(settings, [folder], "tester")
    with ledger.open(settings.ledger) as book:
        assert [(c.invariant, c.ids) for c in verify(book) if c.violations] == []
    report = steps.night_report(settings)
    assert report["problems"] == []


def fates(settings: config.Settings) -> list[tuple[str, str]]:
    return [(number, status) for number, status, _ in statements(settings)]


def test_b36_a_statement_behind_a_gap_posts_and_closes_when_the_gap_is_filled(
    tmp_path: Path,
) -> None:
    settings = bank_files.fresh(tmp_path, START)
    night(settings, tmp_path / "1", a=fees("1", "260105", 10000, 500))
    night(settings, tmp_path / "3", a=fees("3", "260107", 9300, 100))
    assert fates(settings) == [("1", "reconciled"), ("3", "posted")]
    assert exported(settings, "lines")["status"].to_list() == ["reconciled", "posted"]
    night(settings, tmp_path / "2", a=fees("2", "260106", 9500, 200))
    assert fates(settings) == [("1", "reconciled"), ("2", "reconciled"), ("3", "reconciled")]


def test_b39_a_statement_that_opens_with_another_balance_posts_and_waits(tmp_path: Path) -> None:
    settings = bank_files.fresh(tmp_path, START)
    night(settings, tmp_path / "1", a=fees("1", "260105", 10000, 500))
    night(settings, tmp_path / "2", a=fees("2", "260106", 9501, 200))
    assert fates(settings) == [("1", "reconciled"), ("2", "posted")]
    rows = exported(settings, "statements").select("opening", "closing", "difference").rows()
    assert rows[1] == ("95.01", "93.01", "0.00")


@pytest.mark.parametrize("form", ["mt940", "ofx"])
def test_a_statement_across_the_cut_over_counts_only_what_the_books_lack(
    tmp_path: Path, form: str
) -> None:
    settings = bank_files.fresh(tmp_path, CUT_OVER)
    if form == "mt940":
        text = fees("1", "260106", 10000, 500, 200).replace(":61:2601060106", ":61:2601050105", 1)
    else:
        old, new = ("20260105", "-5.00", "F1", "Fee"), ("20260106", "-2.00", "F2", "Fee")
        text = ofx("20260106", "93.00", old, new).replace(">CREDIT", ">SRVCHG")
    night(settings, tmp_path / "1", a=text)
    assert exported(settings, "lines")["status"].to_list() == ["before_cutover", "reconciled"]
    assert [status for _, status in fates(settings)] == ["reconciled"]
    night(settings, tmp_path / "2", a=fees("2", "260107", 9300, 100))
    assert [status for _, status in fates(settings)] == ["reconciled", "reconciled"]
    gl = exported(settings, "gl")
    bank = gl.filter(gl["gl_account"] == "BANK-B")["amount"].to_list()
    assert bank == ["95.00", "-2.00", "-1.00"]


def charges(day: str, closing: str, *rows: tuple[str, str, str]) -> str:
    listed = [(date, amount, fitid, "Fee") for date, amount, fitid in rows]
    return ofx(day, closing, *listed).replace(">CREDIT", ">SRVCHG")


FIRST = charges("20260105", "95.00", ("20260105", "-5.00", "F1"))


def test_ofx_lines_booked_after_the_day_of_the_balance_count_on_top_of_it(tmp_path: Path) -> None:
    settings = bank_files.fresh(tmp_path, START)
    early = charges("20260105", "95.00", ("20260105", "-5.00", "F1"), ("20260106", "-2.00", "F2"))
    night(settings, tmp_path / "1", a=early)
    assert [status for _, status in fates(settings)] == ["reconciled"]
    both = (("20260106", "-2.00", "F2"), ("20260107", "-1.00", "F3"))
    night(settings, tmp_path / "2", b=charges("20260107", "92.00", *both))
    assert [status for _, status in fates(settings)] == ["reconciled", "reconciled"]
    rows = exported(settings, "statements").select("opening", "closing", "line_count").rows()
    assert rows == [("100.00", "93.00", 2), ("93.00", "92.00", 1)]


def test_ofx_a_balance_that_follows_with_all_lines_is_taken_whatever_its_day(
    tmp_path: Path,
) -> None:
    settings = bank_files.fresh(tmp_path, START)
    whole = charges("20260105", "93.00", ("20260105", "-5.00", "F1"), ("20260106", "-2.00", "F2"))
    night(settings, tmp_path / "1", a=whole)
    assert exported(settings, "statements")["closing"].to_list() == ["93.00"]
    assert [status for _, status in fates(settings)] == ["reconciled"]


def test_ofx_without_a_ledger_balance_posts_and_does_not_reconcile(tmp_path: Path) -> None:
    settings = bank_files.fresh(tmp_path, START)
    start, _, rest = FIRST.partition("<LEDGERBAL>")
    night(settings, tmp_path / "1", a=start + rest.partition("</LEDGERBAL>")[2])
    assert [status for _, status in fates(settings)] == ["posted"]
    assert exported(settings, "lines")["status"].to_list() == ["posted"]


def without_balance(text: str) -> str:
    start, _, rest = text.partition("<LEDGERBAL>")
    return start + rest.partition("</LEDGERBAL>")[2]


def test_ofx_the_next_balance_proves_what_came_without_one(tmp_path: Path) -> None:
    settings = bank_files.fresh(tmp_path, START)
    night(settings, tmp_path / "1", a=FIRST)
    bare = without_balance(charges("20260106", "0", ("20260106", "-2.00", "F2")))
    night(settings, tmp_path / "2", a=bare)
    assert [status for _, status in fates(settings)] == ["reconciled", "posted"]
    night(settings, tmp_path / "3", a=charges("20260107", "92.00", ("20260107", "-1.00", "F3")))
    assert [status for _, status in fates(settings)] == ["reconciled"] * 3
    with ledger.open(settings.ledger) as book:
        assert "assumed" not in "".join(row[0] for row in book.rows("SELECT detail FROM statement"))


def test_ofx_a_balance_that_disproves_what_came_without_one_leaves_both_open(
    tmp_path: Path,
) -> None:
    settings = bank_files.fresh(tmp_path, START)
    night(settings, tmp_path / "1", a=FIRST)
    bare = without_balance(charges("20260106", "0", ("20260106", "-2.00", "F2")))
    night(settings, tmp_path / "2", a=bare)
    night(settings, tmp_path / "3", a=charges("20260107", "91.99", ("20260107", "-1.00", "F3")))
    assert [status for _, status in fates(settings)] == ["reconciled", "posted", "posted"]


def test_ofx_a_balance_that_does_not_follow_is_a_gap_until_the_missing_file_comes(
    tmp_path: Path,
) -> None:
    settings = bank_files.fresh(tmp_path, START)
    night(settings, tmp_path / "1", a=FIRST)
    night(settings, tmp_path / "3", a=charges("20260107", "92.00", ("20260107", "-1.00", "F3")))
    assert [status for _, status in fates(settings)] == ["reconciled", "posted"]
    assert exported(settings, "lines")["status"].to_list() == ["reconciled", "posted"]
    night(settings, tmp_path / "2", a=charges("20260106", "93.00", ("20260106", "-2.00", "F2")))
    assert [status for _, status in fates(settings)] == ["reconciled"] * 3


def test_ofx_pending_items_are_announced_and_a_later_statement_takes_them_over(
    tmp_path: Path,
) -> None:
    settings = bank_files.fresh(tmp_path, START)
    pending = (
        "<BANKTRANLISTP><DTASOF>20260105\n<STMTTRNP><TRNTYPE>DEBIT\n<DTTRAN>20260105\n"
        "<TRNAMT>-2.00\n<NAME>Fee\n</STMTTRNP></BANKTRANLISTP></STMTRS>"
    )
    night(settings, tmp_path / "1", a=FIRST.replace("</STMTRS>", pending))
    assert sorted(exported(settings, "lines")["status"]) == ["announced", "reconciled"]
    night(settings, tmp_path / "2", a=charges("20260106", "93.00", ("20260106", "-2.00", "F2")))
    assert exported(settings, "lines")["status"].to_list() == ["reconciled", "reconciled"]


def test_ofx_a_correction_is_never_applied_by_itself_and_names_both_lines(tmp_path: Path) -> None:
    settings = bank_files.fresh(tmp_path, START)
    night(settings, tmp_path / "1", a=FIRST)
    second = charges("20260106", "95.50", ("20260106", "0.50", "F2"))
    mark = "<FITID>F2\n<CORRECTFITID>F1\n<CORRECTACTION>REPLACE"
    night(settings, tmp_path / "2", a=second.replace("<FITID>F2", mark))
    (item,) = exported(settings, "exceptions").to_dicts()
    assert (item["reason"], item["bank_reference"]) == ("correction", "F2")
    assert "line F2 corrects line F1" in item["candidates"]
    assert exported(settings, "lines")["status"].to_list() == ["reconciled", "unmatched"]
