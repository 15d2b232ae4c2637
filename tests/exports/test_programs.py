"""hledger and ledger read our journals: what they sum up is our trial balance.

Both are asked twice: what each account holds in its own currency, and what that cost (``-B``), its
value in the company's currency. Where one of them is not installed these tests are skipped.
"""

import csv
import datetime as dt
import io
import re
import shutil
import subprocess
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import pytest

from pipeline import config, ledger, reporting
from pipeline.ledger.export.journal import journal
from tests.exports.test_currencies import STORIES, told
from tests.ledger.office import Office, played
from tests.ledger.test_any_corrections import LONG

PROGRAMS = ("hledger", "ledger")
STRICT = {"hledger": ["check", "--strict", "ordereddates"], "ledger": ["balance", "--pedantic"]}
EVER = dt.date(2099, 12, 31)
CORRECTED = ("unapplied", "returned-one-of-a-batch", "returned-with-tax", "write-off-with-tax")
Balances = dict[tuple[str, str], Decimal]


@pytest.fixture(scope="module", autouse=True)
def both_are_installed() -> None:
    missing = [name for name in PROGRAMS if not shutil.which(name)]
    if missing:
        said = " ".join(missing)
        pytest.skip(f"not installed here: {said}; on Debian: apt-get install {said}")


def written(
    settings: config.Settings, program: str, folder: Path, since: dt.date | None = None
) -> Path:
    file = folder / f"books.{program}"
    with ledger.open(settings.ledger) as book:
        file.write_text(journal(book, program, settings, since=since), "utf-8")
    return file


def asked(program: str, file: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [program, "-f", str(file), *words]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def accepted(program: str, file: Path) -> None:
    found = asked(program, file, *STRICT[program])
    assert found.returncode == 0, found.stderr


def balances(program: str, file: Path, *words: str) -> Balances:
    """What the program says by G/L account and currency; nothing where that is zero."""
    if program == "hledger":
        words = (*words, "--flat", "-N", "-O", "csv", "--layout", "bare")
        found = asked(program, file, "balance", *words)
        rows = list(csv.reader(io.StringIO(found.stdout)))[1:]
    else:
        found = asked(program, file, "balance", "--flat", "--no-total", *words)
        rows = _columns(found.stdout)
    assert found.returncode == 0, found.stderr
    known = [(name.partition(":")[2], code, Decimal(amount)) for name, code, amount in rows]
    return {(name, code): amount for name, code, amount in known if amount}


def _columns(text: str) -> list[list[str]]:
    """Of ledger's table; an account stands beside the last of its currencies."""
    out, waiting = [], []
    for line in text.splitlines():
        amount, code, account = re.fullmatch(
            r"\s*(-?[\d.]+)(?: ([A-Z]{3}))?(?:  (\S+))?", line
        ).groups("")  # type: ignore[union-attr]
        waiting.append((code, amount))
        if account:
            out += [[account, *one] for one in waiting]
            waiting = []
    return out


def in_our_books(settings: config.Settings) -> tuple[Balances, Balances]:
    """The trial balance in other currencies than the company's, and what all of it is worth."""
    report = reporting.trial_balance(settings, EVER, None, None)
    company = report["company_currency"]
    own: Balances = {}
    worth: Balances = defaultdict(Decimal)
    for row in report["accounts"]:
        if row["currency"] != company:
            own[row["gl_account"], row["currency"]] = Decimal(row["balance"])
        worth[row["gl_account"], company] += Decimal(row["company_amount"] or 0)
    return _not_zero(own), _not_zero(worth)


def _not_zero(found: Balances) -> Balances:
    return {key: amount for key, amount in found.items() if amount}


def agree(settings: config.Settings, folder: Path) -> None:
    """Each program accepts the journal and comes to the balances of our trial balance."""
    own, worth = in_our_books(settings)
    (company,) = {code for _, code in worth}
    for program in PROGRAMS:
        file = written(settings, program, folder)
        accepted(program, file)
        found, cost = balances(program, file), balances(program, file, "-B")
        assert {key: found[key] for key in found if key[1] != company} == own, program
        assert {key: cost[key] for key in cost if key[1] == company} == worth, program


def test_the_sample_company(two_nights: config.Settings, tmp_path: Path) -> None:
    agree(two_nights, tmp_path)


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_closing_balance_that_is_a_cent_off_is_found(
    sqlite_two_nights: config.Settings, program: str, tmp_path: Path
) -> None:
    file = written(sqlite_two_nights, program, tmp_path)
    text = file.read_text("utf-8")
    first, *others = re.findall(r"= (-?[0-9]+\.[0-9]{2}) [A-Z]{3}$", text, re.MULTILINE)
    assert len(others) >= 3
    file.write_text(text.replace(f"= {first} ", f"= {Decimal(first) + Decimal('0.01')} "), "utf-8")
    assert asked(program, file, *STRICT[program]).returncode == 1


@pytest.mark.parametrize("name", [*STORIES, *CORRECTED])
def test_the_stories_of_currencies_and_corrections(name: str, tmp_path: Path) -> None:
    agree(told(name, tmp_path), tmp_path)


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_journal_that_begins_later_carries_the_balances(
    sqlite_two_nights: config.Settings, program: str, tmp_path: Path
) -> None:
    whole = balances(program, written(sqlite_two_nights, program, tmp_path))
    later = written(sqlite_two_nights, program, tmp_path, dt.date(2026, 10, 30))
    accepted(program, later)
    assert balances(program, later) == whole


def test_whatever_people_corrected(tmp_path: Path) -> None:
    """Un-applied, applied again, reversed, statements undone, closed months, settled outside."""
    office = Office(f"sqlite:///{tmp_path}/ledger.db", tmp_path)
    played(office, LONG, lambda: None)
    agree(office.settings, tmp_path)
