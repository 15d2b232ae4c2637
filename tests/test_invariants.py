"""The question behind every change: do the books hold after nights, decisions and corrections?"""

from pathlib import Path

import pytest

from pipeline import config, corrections
from tests.review.desk import desk_of


def test_the_books_hold_after_what_is_decided_is_undone_and_decided_again(
    sqlite_settings: config.Settings, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    desk = desk_of(sqlite_settings, capsys, tmp_path)
    number = desk.id("DE-EUR/211/4")
    desk.run("accept", number, "--rank", "2")
    desk.holds()
    corrections.reverse(desk.settings, ["DE-EUR/211/4"], "anna", "paid another invoice")
    assert desk.remaining("RE-2026-1007") == ["250.00"]
    desk.run("apply", number, "--to", "RE-2026-1006", user="ben")
    assert desk.remaining("RE-2026-1006") == ["0.00"]
    desk.holds()
