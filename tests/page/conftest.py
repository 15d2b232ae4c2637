"""The desk of the review tests, and the page over its books."""

from pathlib import Path
from typing import Any

import pytest

from pipeline import config
from tests.page.desk import app_of
from tests.review.desk import Desk, desk_of


@pytest.fixture
def lite(
    sqlite_settings: config.Settings, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Desk:
    return desk_of(sqlite_settings, capsys, tmp_path)


@pytest.fixture
def desk(settings: config.Settings, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Desk:
    return desk_of(settings, capsys, tmp_path)


@pytest.fixture
def app(lite: Desk) -> Any:
    return app_of(lite.settings)
