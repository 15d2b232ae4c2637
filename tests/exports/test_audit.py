"""What an auditor gets who asks: what is behind this balance?"""

import csv
import hashlib
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest

from pipeline import cli, config
from pipeline.demo import samples


def asked(settings: config.Settings, target: Path, *words: str) -> int:
    options = ["--ledger", settings.ledger, "--config", str(samples() / "lettrage.toml")]
    return cli.main([*options, "export", "audit", *words, "-o", str(target)])


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def balance(folder: Path) -> dict[str, Decimal]:
    return {row["currency"]: Decimal(row["amount"]) for row in rows(folder, "balance.csv")}


def test_behind_an_account(two_nights: config.Settings, tmp_path: Path) -> None:
    folder = tmp_path / "audit"
    assert asked(two_nights, folder, "--account", "DISCOUNT-GRANTED", "--as-of", "2026-10-31") == 0
    assert balance(folder) == {"CHF": Decimal(20), "EUR": Decimal("67.60"), "USD": Decimal(40)}
    postings = rows(folder, "postings.csv")
    assert sum(Decimal(row["amount"]) for row in postings) == Decimal("127.60")
    journal = rows(folder, "journal.csv")
    own = [row for row in journal if row["gl_account"] == "DISCOUNT-GRANTED"]
    assert len(own) == len(postings), "no other journal entry"
    assert sum(Decimal(row["amount"]) for row in journal) == 0, "whole journal entries"
    given = {
        row["document_no"] for row in rows(folder, "applications.csv") if row["role"] == "settles"
    }
    assert given == {"RE-2026-1002", "RE-2026-1032", "RE-2026-1043", "RE-2026-1050"}
    assert {row["letter"] for row in rows(folder, "entries.csv")} == {"AA"}
    sent = {hashlib.sha256(f.read_bytes()).hexdigest() for f in samples().glob("night-*/*")}
    kept = {file.name for file in (folder / "originals").iterdir()}
    assert len(kept) == 4, "only the files behind it"
    assert kept <= sent


def test_the_list_says_what_each_table_is(two_nights: config.Settings, tmp_path: Path) -> None:
    """A vendor who is paid: nothing is open, and all of it is there."""
    folder = tmp_path / "audit"
    assert asked(two_nights, folder, "--party", "vendor/70020", "--as-of", "2026-10-31") == 0
    told = (folder / "READ-ME.txt").read_text("utf-8")
    assert "nothing is open" in told
    for file in folder.glob("*.csv"):
        assert f"\n{file.name}: " in told, file.name


def test_the_list_names_every_file_with_its_hash(
    two_nights: config.Settings, tmp_path: Path
) -> None:
    folder = tmp_path / "audit"
    assert asked(two_nights, folder, "--account", "CLEARING", "--as-of", "2026-10-31") == 0
    listed = {}
    for line in (folder / "READ-ME.txt").read_text("utf-8").splitlines()[4:]:
        if len(line.partition(" ")[0]) == 64:
            sha256, _, name = line.split()
            listed[name] = sha256
    found = {
        str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in folder.rglob("*")
        if file.is_file() and file.name != "READ-ME.txt"
    }
    assert found == listed


def test_behind_a_customer_on_a_day_before_the_payment_was_returned(
    two_nights: config.Settings, tmp_path: Path
) -> None:
    before, after = tmp_path / "before", tmp_path / "after"
    for folder, day in ((before, "2026-10-30"), (after, "2026-10-31")):
        assert asked(two_nights, folder, "--party", "customer/10010", "--as-of", day) == 0
    assert balance(before) == {"EUR": Decimal("99.99")}
    assert balance(after) == {"EUR": Decimal("1289.99")}
    assert [row["document_no"] for row in rows(before, "open-entries.csv")] == ["RE-2026-1012"]
    kinds = [[row["kind"] for row in rows(folder, "journal.csv")] for folder in (before, after)]
    assert kinds == [["payment"] * 2, ["payment"] * 2 + ["return"] * 2]
    assert {row["party_no"] for row in rows(after, "entries.csv")} == {"10010"}, "nobody else"


def test_the_same_books_give_the_same_bytes(two_nights: config.Settings, tmp_path: Path) -> None:
    words = ("--account", "AR", "--as-of", "2026-10-31")
    first, second, folder = tmp_path / "1.zip", tmp_path / "2.zip", tmp_path / "folder"
    for target in (first, second, folder):
        assert asked(two_nights, target, *words) == 0
    assert first.read_bytes() == second.read_bytes()
    with zipfile.ZipFile(first) as packed:
        for name in packed.namelist():
            assert packed.read(name) == (folder / name).read_bytes()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--account", "4711", "--as-of", "2026-10-31"), "account 4711 is not in these books"),
        (("--party", "customer/0", "--as-of", "2026-10-31"), "customer 0 is not in these books"),
        (("--party", "10010", "--as-of", "2026-10-31"), "expected customer/NO or vendor/NO"),
        (("--account", "AR"), "expected --account NO or --party TYPE/NO, --as-of DATE"),
    ],
)
def test_what_cannot_be_given_is_said(
    sqlite_two_nights: config.Settings,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...],
    said: str,
) -> None:
    assert asked(sqlite_two_nights, tmp_path / "out", *words) == 2
    assert said in capsys.readouterr().err
