"""Prepared ledgers: a copy of a file is quicker than the same set-up again."""

from pathlib import Path

import pytest

from pipeline import config
from tests.ledger import loading


@pytest.fixture(scope="session")
def company_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite ledger with a bank account, customers and vendors, without entries."""
    folder = tmp_path_factory.mktemp("company")
    loading.company(f"sqlite:///{folder}/ledger.db", folder)
    return folder / "ledger.db"


@pytest.fixture
def company(company_file: Path, tmp_path: Path) -> config.Settings:
    return loading.copied(company_file, tmp_path)
