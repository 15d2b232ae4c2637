"""One ledger over several steps: opened once, for one thread, and never behind the others."""

from concurrent.futures import ThreadPoolExecutor

from pipeline import config, ledger

_ACCOUNT = "SELECT count(*) FROM gl_account WHERE no = '4980'"


def _add(url: str) -> int:
    """Another thread writes by a ledger of its own; returns which."""
    with ledger.open(url) as other:
        with other.transaction() as connection:
            connection.exec_driver_sql("INSERT INTO gl_account (no) VALUES ('4980')")
        return id(other)


def test_what_is_opened_inside_is_the_ledger_that_is_kept(company: config.Settings) -> None:
    url = company.ledger
    with ledger.kept(url):
        with ledger.open(url) as first:
            pass
        with ledger.open(url) as again:
            assert again is first
            assert not again.rows(_ACCOUNT)[0][0]
        with ThreadPoolExecutor(1) as thread:
            assert thread.submit(_add, url).result() != id(first), "threads share none"
        with ledger.open(url) as again:
            assert again.rows(_ACCOUNT)[0][0], "what others wrote meanwhile is seen"
    with ledger.open(url) as later:
        assert later is not first
