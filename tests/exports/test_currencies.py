"""Books of several currencies in the plain-text programs, the trial balance and the French file."""

import datetime as dt
import re
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from pipeline import config, ledger, reporting, steps
from pipeline.ledger.export import fec_rows
from pipeline.ledger.export.journal import journal
from pipeline.reports import trial_balance
from tests.exports.test_exports import exported
from tests.posting.golden_case import FOLDER, THEN, given, play, played

STORIES = sorted(path.stem for path in FOLDER.glob("currency-*.md"))


def told(name: str, folder: Path) -> config.Settings:
    return played(name, f"sqlite:///{folder}/ledger.db", folder)


@pytest.mark.parametrize("name", STORIES)
def test_beancount_takes_the_values_as_prices(name: str, tmp_path: Path) -> None:
    settings = told(name, tmp_path)
    file = tmp_path / "j.beancount"
    for since in (None, dt.date(2026, 10, 30)):
        with ledger.open(settings.ledger) as book:
            text = journal(book, "beancount", settings, since=since)
        assert f" {settings.company['currency']}\n" in text
        assert " @@ " in text
        file.write_text(text, "utf-8")
        command = [str(Path(sys.executable).parent / "bean-check"), str(file)]
        found = subprocess.run(command, capture_output=True, text=True, check=False)
        assert found.returncode == 0, found.stderr


def of_the_year(settings: config.Settings) -> pl.DataFrame:
    """The rows of the French file, with ``value`` in the company's currency."""
    with ledger.open(settings.ledger) as book:
        rows = fec_rows.rows(book, settings, dt.date(2026, 1, 1), dt.date(2026, 12, 31))
    own = pl.when(pl.col("currency") == settings.company["currency"]).then("amount")
    return rows.with_columns(pl.coalesce(own, "amount_company").alias("value"))


@pytest.mark.parametrize("name", STORIES)
def test_books_are_whole_in_the_companys_currency(name: str, tmp_path: Path) -> None:
    """The trial balance, and each letter of the French file: it sums to zero at any rate."""
    settings = told(name, tmp_path)
    lettered = of_the_year(settings).filter(pl.col("letter") != "").group_by("party_no", "letter")
    assert set(lettered.agg(pl.col("value").sum())["value"]) <= {0}
    report = reporting.trial_balance(settings, None, None, None)
    assert report["unvalued"] == []
    assert report["problems"] == []
    assert float(report["company_total"]) == 0


def test_what_has_no_rate_is_named_and_flagged_until_there_is_one(tmp_path: Path) -> None:
    story = (FOLDER / "currency-rate-later.md").read_text("utf-8").partition(THEN)[0]
    settings = given(story, f"sqlite:///{tmp_path}/ledger.db", tmp_path)
    steps.nightly(settings, [tmp_path / "inbox"], "tester")
    report = reporting.trial_balance(settings, None, None, None)
    assert {row["gl_account"] for row in report["unvalued"]} == {
        "AR", "BANK", "OPENING", "DISCOUNT-GRANTED",
    }  # fmt: skip
    assert "Without a value in CHF" in trial_balance.text(report)
    assert "no rate" in trial_balance.text(report)
    before = exported(settings, "gl", company_currency="CHF")
    assert set(before["rate_missing"]) == {"true"}
    assert before["amount_company"].null_count() == before.height
    register = report["register"]["no"]
    play("```sh\nlettrage load rates later/rates.csv\n```\n", settings, tmp_path)
    after = exported(settings, "gl", company_currency="CHF")
    assert set(after["rate_missing"]) == {"false"}
    assert reporting.trial_balance(settings, None, None, None)["unvalued"] == []
    as_known = reporting.trial_balance(settings, None, register, None)
    assert as_known["unvalued"] == report["unvalued"], "as it was known then"
    assert steps.value(settings, "tester") == {"valued": 0, "exchanged": 0}, "once"


def test_the_french_file_tells_an_opening_in_euros_by_its_documents(tmp_path: Path) -> None:
    found = of_the_year(told("currency-vendor-run", tmp_path)).filter(
        pl.col("document_no") == "ER-77"
    )
    assert found.select("gl_account", "amount", "amount_company", "party_no").rows() == [
        ("AP", -50000, -47500, "V1"),
    ]  # fmt: skip


def test_what_got_its_value_later_is_told_as_what_it_is(tmp_path: Path) -> None:
    """The document, its day, its amount in euros and its letter, not the valuation."""
    found = of_the_year(told("currency-rate-later", tmp_path)).filter(
        (pl.col("value") != 0) & (pl.col("gl_account") == "AR")
    )
    names = ("journal", "document_no", "document_date", "party_no", "foreign_amount", "value",
             "letter", "letter_date")  # fmt: skip
    assert found.sort("value").select(names).rows() == [
        ("BANK", "1/1", "2026-10-29", "C1", -100000, -95000, "AA", "2026-10-29"),
        ("AN", "RE-2026-1001", "2026-10-20", "C1", 100000, 95000, "AA", "2026-10-29"),
    ]


def test_a_payment_waits_for_its_rate_however_many_nights_pass(tmp_path: Path) -> None:
    """The invoice has the value that its source states, so that nothing else is left to value."""
    story = (FOLDER / "currency-receipt.md").read_text("utf-8").partition(THEN)[0]
    story = re.sub(r"```csv rates.*?```", "", story, flags=re.DOTALL)
    settings = given(story, f"sqlite:///{tmp_path}/ledger.db", tmp_path)
    for _ in range(2):
        assert steps.nightly(settings, [tmp_path / "inbox"], "anna")["reconcile"]["valued"] == 0
    rates = tmp_path / "rates.csv"
    rates.write_text("date,currency,rate\n2026-10-29,EUR,1.0752688172\n", "utf-8")
    play(f"```sh\nlettrage load rates {rates}\n```\n", settings, tmp_path)
    found = exported(settings, "applications", company_currency="CHF")
    assert found["fx_amount_company"].to_list() == ["20.00"]
