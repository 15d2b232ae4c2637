"""Creating a ledger twice is once; one of a newer version is left alone."""

import pytest

from pipeline import ledger
from pipeline.domain.errors import LedgerError


def test_a_ledger_of_a_newer_version_is_refused(url: str) -> None:
    ledger.init(url)
    ledger.init(url)
    with ledger.open(url) as book, book.transaction() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(LedgerError, match="newer version"):
        ledger.init(url)
