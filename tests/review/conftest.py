"""A desk on each database, and one on SQLite for what no database decides."""

from pathlib import Path

import pytest

from pipeline import config
from tests.review.desk import Desk, desk_of


@pytest.fixture
def desk(settings: config.Settings, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Desk:
    return desk_of(settings, capsys, tmp_path)


@pytest.fixture
def lite(
    sqlite_settings: config.Settings, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Desk:
    return desk_of(sqlite_settings, capsys, tmp_path)
