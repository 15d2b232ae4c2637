"""What the tax adviser gets: each posting once, in the DATEV format, in numbered batches.

``pytest tests/exports/test_datev.py --write-golden`` writes the golden file anew, and fails.
"""

import csv
import dataclasses
import io
import json
import re
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipeline import cli, config, corrections, ledger, steps
from pipeline.defaults import DEFAULTS
from pipeline.demo import NIGHTS, samples
from pipeline.domain.errors import UsageError
from pipeline.ledger.export import batches, datev, export, general_ledger, handed_over
from tests.posting.golden_case import FOLDER, played
from tests.posting.test_taxes import story
from tests.prepared import after_first_night

GOLDEN = Path(__file__).parent / "golden" / "datev.csv"
NUMBERS = {
    "BANK-DE-EUR": "1200", "BANK-FR-EUR": "1210", "BANK-CH-CHF": "1220", "BANK-GB-GBP": "1230",
    "BANK-US-USD": "1240", "BANK-CHARGES": "4971", "BANK-FEES": "4970", "CLEARING": "1370",
    "DISCOUNT-GRANTED": "8730", "DISCOUNT-RECEIVED": "3730", "INTEREST-INCOME": "2650",
    "TOLERANCE": "2300", "TRANSFERS": "1360",
}  # fmt: skip
OWN = {**DEFAULTS["datev"], "consultant": "29098", "client": "55003", "chart": "03",
       "without_rate": "leave_empty", "accounts": NUMBERS}  # fmt: skip

# developer.datev.de, posting batch: the expressions of the fields that are filled.
HEADER = (
    r'"EXTF";700;21;"Buchungsstapel";13;20[0-9]{15};;"LT";"";"";29098;55003;20260101;4;2026[0-9]{4};'
    r'2026[0-9]{4};"Lettrage";"";1;0;0;"EUR";;"";;;"03";;;"";""'
)
EXPRESSIONS = {
    1: r"\d{1,10}[,]\d{2}", 2: r'["](S|H)["]', 3: r'["]([A-Z]{3})["]', 7: r"\d{1,9}", 8: r"\d{1,9}",
    9: r'["](\d{4})?["]', 10: r"(0[1-9]|[1-2]\d|3[0-1])(0[1-9]|1[0-2])",
    11: r'["][\w$%\-\/&*+]{0,36}["]', 12: r'["][\w$%\-\/&*+]{0,12}["]', 14: r'["].{0,60}["]',
    5: r"(\d{1,10}[,]\d{2})?", 6: r'["]([A-Z]{3})?["]', 114: r"(0|1)",
}  # fmt: skip


def adviser(settings: config.Settings, **changed: Any) -> config.Settings:
    return dataclasses.replace(settings, datev={**OWN, **changed})


def handed(settings: config.Settings, folder: Path) -> dict[str, Any] | None:
    """The next batch, written into ``folder``; None when nothing is new."""
    with ledger.open(settings.ledger) as book:
        number = batches.new(book, "datev", "anna", datev(book, settings, "EUR"))
        return batches.write(book, "datev", number, folder) if number else None


def read(receipt: Mapping[str, Any]) -> list[list[str]]:
    """The rows of all files of a batch, as the format says that they must be written."""
    found = []
    for file in receipt["files"]:
        lines = Path(file["file"]).read_bytes().decode("cp1252").split("\r\n")
        assert re.fullmatch(HEADER, lines[0]), lines[0]
        assert lines.pop() == "", "the last row ends too"
        assert len(lines[1].split(";")) == 125
        for line in lines[2:]:
            row = next(csv.reader(io.StringIO(line), delimiter=";"))
            assert len(row) == 125
            for number, expression in EXPRESSIONS.items():
                raw = f'"{row[number - 1]}"' if expression.startswith('["]') else row[number - 1]
                assert re.fullmatch(expression, raw), (number, raw)
            found.append(row)
    return found


def test_the_file_of_the_sample_company(
    two_nights: config.Settings, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    receipt = handed(adviser(two_nights), tmp_path / "out")
    assert receipt
    assert [Path(f["file"]).name for f in receipt["files"]] == [
        "EXTF_Buchungsstapel_55003_2026-10_0001.csv"
    ]
    text = Path(receipt["files"][0]["file"]).read_bytes().decode("cp1252").replace("\r\n", "\n")
    rows = [";".join(line.split(";")[:16]) for line in text.splitlines()]
    head = re.sub(r"(?<=;13;)\d{17}", "<time>", text.splitlines()[0])
    golden = "\n".join([head, rows[1], *sorted(rows[2:])]) + "\n"  # registers may be cut otherwise
    if request.config.getoption("--write-golden"):
        GOLDEN.write_text(golden, "utf-8")
        pytest.fail("written anew: read it")
    assert golden == GOLDEN.read_text("utf-8")


def test_every_account_moves_by_what_is_posted_to_it(
    two_nights: config.Settings, tmp_path: Path
) -> None:
    settings = adviser(two_nights)
    receipt = handed(settings, tmp_path / "out")
    assert receipt
    moved: dict[tuple[str, str], int] = defaultdict(int)
    for row in read(receipt):
        cents = int(row[0].replace(",", "")) * (1 if row[1] == "S" else -1)
        moved[row[6], row[2]] += cents
        moved[row[7], row[2]] -= cents
    posted: dict[tuple[str, str], int] = defaultdict(int)
    with ledger.open(settings.ledger) as book:
        gl = export(book, "gl").filter(~pl.col("kind").is_in(["opening", "external"]))
    for row in gl.to_dicts():
        account = row["gl_account"].removesuffix("-TRANSIT")  # DATEV keeps both on one account
        number = NUMBERS.get(account, row["party_no"])
        posted[number, row["currency"]] += round(float(row["amount"]) * 100)
    assert {k: v for k, v in moved.items() if v} == {k: v for k, v in posted.items() if v}


@pytest.mark.parametrize("name", sorted(file.stem for file in FOLDER.glob("*.md")))
def test_the_rows_of_each_event_move_its_accounts_by_its_postings(
    tmp_path: Path, name: str
) -> None:
    """Each row of the posting table, as the golden files of the postings tell it."""
    own = "j.kind NOT IN ('opening', 'external')"
    with ledger.open(played(name, f"sqlite:///{tmp_path}/ledger.db", tmp_path).ledger) as book:
        pairs = handed_over.pairs(book, batches.Registers(1, 0, 1_000_000))
        posted = book.frame(
            "SELECT p.journal_entry_no, CASE WHEN p.party_no <> '' THEN p.party_type || '/' ||"
            " p.party_no ELSE p.gl_account END, p.amount FROM posting p JOIN journal_entry j ON"
            f" j.no = p.journal_entry_no WHERE {own}",
            {"no": pl.Int64, "account": pl.String, "amount": pl.Int64},
        )
    names = ["no", "account", "amount"]
    contra = pairs.select("no", pl.col("contra").alias("account"), -pl.col("amount"))
    moved = pl.concat([pairs.select(names), contra])
    sums = [
        frame.group_by("no", "account").agg(pl.col("amount").sum()).filter(pl.col("amount") != 0)
        for frame in (moved, posted)
    ]
    assert sums[0].sort(names).equals(sums[1].sort(names))


@pytest.mark.parametrize("name", sorted(file.stem for file in FOLDER.glob("currency-*.md")))
def test_the_rows_of_other_currencies_move_its_accounts_by_what_is_posted_of_values(
    tmp_path: Path, name: str
) -> None:
    """By Basis-Umsatz and by rows of the company's own currency, to the cent."""
    settings = played(name, f"sqlite:///{tmp_path}/ledger.db", tmp_path)
    code = settings.company["currency"]
    wanted = batches.Registers(1, 0, 1_000_000)
    with ledger.open(settings.ledger) as book:
        bare = handed_over.pairs(book, wanted)
        pairs = handed_over.worths(book, wanted, bare, code)
        rows = book.rows(
            "SELECT CASE WHEN p.party_no <> '' THEN p.party_type || '/' || p.party_no ELSE"
            " p.gl_account END, CASE WHEN p.currency = '" + code + "' THEN p.amount ELSE"
            " coalesce(p.amount_company, 0) END FROM posting p JOIN journal_entry j ON j.no ="
            " p.journal_entry_no LEFT JOIN valuation v ON v.journal_entry_no = j.no LEFT JOIN"
            " journal_entry o ON o.no = v.values_no WHERE coalesce(o.kind, j.kind) NOT IN"
            " ('opening', 'external')"
        )
    assert pairs.filter(pl.col("currency") != code)["worth"].null_count() == 0
    value = pl.when(pl.col("currency") == code).then("amount").otherwise("worth")
    moved: dict[str, int] = defaultdict(int)
    for account, contra, worth in pairs.select("account", "contra", value.alias("worth")).rows():
        moved[account] += worth
        moved[contra] -= worth
    posted: dict[str, int] = defaultdict(int)
    for account, worth in rows:
        posted[account] += worth
    assert {k: v for k, v in moved.items() if v} == {k: v for k, v in posted.items() if v}


@pytest.mark.parametrize(
    ("keys", "rows"),
    [
        ({}, [
            ("980,00", "1200", ""), ("3,82", "8730", ""), ("10,00", "8730", ""),
            ("4,00", "8730", ""), ("1,90", "1776", ""), ("0,28", "1771", ""),
        ]),
        ({"U19": "0003", "U7": "0002"}, [
            ("980,00", "1200", ""), ("3,82", "8730", ""), ("11,90", "8730", "0003"),
            ("4,28", "8730", "0002"),
        ]),
    ],
)  # fmt: skip
def test_a_discount_is_a_row_for_each_tax_code(
    url: str, tmp_path: Path, keys: dict[str, str], rows: list[tuple[str, str, str]]
) -> None:
    numbers = {**NUMBERS, "BANK-BANK": "1200", "BANK": "1200", "customer/C1": "10001"}
    settings = adviser(story("discount-two-taxes", url, tmp_path), tax_keys=keys, accounts=numbers)
    receipt = handed(settings, tmp_path / "out")
    assert receipt
    found = read(receipt)
    assert [(row[0], row[7], row[8]) for row in found] == rows
    assert {(row[1], row[6], row[10]) for row in found} == {("H", "10001", "RE-2026-1001")}


def test_what_is_unapplied_takes_discount_and_tax_back(url: str, tmp_path: Path) -> None:
    numbers = {**NUMBERS, "BANK": "1200", "customer/C1": "10001"}
    settings = adviser(story("discount-with-tax", url, tmp_path), accounts=numbers)
    assert handed(settings, tmp_path / "1")
    corrections.unapply(settings, "RE-2026-1001", "anna", "paid for another one")
    second = handed(settings, tmp_path / "2")
    assert second
    assert [(row[0], row[1], row[6], row[7], row[10]) for row in read(second)] == [
        ("16,81", "S", "10001", "8730", "RE-2026-1001"),
        ("3,19", "S", "10001", "1776", "RE-2026-1001"),
    ]


def test_each_posting_is_handed_over_once(url: str, tmp_path: Path) -> None:
    settings = adviser(after_first_night(url))
    first = handed(settings, tmp_path / "1")
    assert handed(settings, tmp_path / "none") is None, "nothing is new"
    steps.nightly(settings, [samples() / NIGHTS[1]], "tester")
    second = handed(settings, tmp_path / "2")
    assert first
    assert second
    assert (first["batch"], second["batch"]) == (1, 2)
    fields = slice(0, 14)
    both = sorted(row[fields] for batch in (first, second) for row in read(batch))
    with ledger.open(settings.ledger) as book:
        whole = batches.Registers(9, 0, book.rows("SELECT max(no) FROM register")[0][0])
        (file,) = datev(book, settings, "EUR")(whole)
    (tmp_path / "whole.csv").write_bytes(file.data)
    again = read({"files": [{"file": tmp_path / "whole.csv"}]})
    assert both == sorted(row[fields] for row in again)


def test_a_batch_is_given_again_byte_for_byte(
    sqlite_two_nights: config.Settings, tmp_path: Path
) -> None:
    settings = adviser(sqlite_two_nights)
    first = handed(settings, tmp_path / "first")
    assert first
    renamed = tmp_path / "customers.csv"
    text = (samples() / "customers.csv").read_text("utf-8")
    renamed.write_text(text.replace("Brandt", "Brandt-Neumann"), "utf-8")
    options = ["--ledger", settings.ledger, "--user", "berta"]
    assert cli.main([*options, "load", "customers", str(renamed)]) == 0
    folder = tmp_path / "again"
    assert cli.main([*options, "export", "datev", "--batch", "1", "-o", str(folder)]) == 0
    for file in first["files"]:
        before = Path(file["file"])
        assert (folder / before.name).read_bytes() == before.read_bytes()


def test_what_is_taken_back_is_handed_over_turned_round(
    sqlite_first_night: config.Settings, tmp_path: Path
) -> None:
    settings = adviser(sqlite_first_night)
    first = handed(settings, tmp_path / "1")
    with ledger.open(settings.ledger) as book:
        number = book.rows(
            "SELECT j.no FROM journal_entry j JOIN application a ON a.journal_entry_no = j.no JOIN"
            " entry e ON e.id = a.entry_id JOIN statement_line l ON l.line_id = j.line_id JOIN"
            " statement s ON s.id = l.statement_id WHERE e.document_type = 'invoice' AND"
            " s.status = 'received'"
        )
    if not number:
        pytest.skip("all statements of the night are reconciled")
    corrections.reverse(settings, [str(number[0][0])], "anna", "posted to the wrong one")
    second = handed(settings, tmp_path / "2")
    assert first
    assert second
    rows = {tuple(row[:12]) for row in read(first)}
    turned = {"S": "H", "H": "S"}
    for row in read(second):
        assert (row[0], turned[row[1]], *row[2:9]) in {(r[0], *r[1:9]) for r in rows}


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"consultant": ""}, "[datev] consultant: found '', expected the tax consultant's number"),
        ({"accounts": {}}, "no number for BANK-CH-CHF, BANK-CHARGES, BANK-DE-EUR"),
        ({"accounts": {**NUMBERS, "BANK-FEES": "BANK"}}, "no number for BANK-FEES"),
        ({"accounts": {**NUMBERS, "BANK-FEES": "49700"}}, "no number for BANK-FEES"),
        ({"account_length": 5}, "no number for customer/10010"),
        ({"without_rate": "refuse"}, "rows without an amount in EUR"),
    ],
)
def test_what_datev_would_refuse_is_not_handed_over(
    sqlite_two_nights: config.Settings, tmp_path: Path, changed: dict[str, Any], said: str
) -> None:
    settings = adviser(sqlite_two_nights, **changed)
    with pytest.raises(UsageError, match=re.escape(said)):
        handed(settings, tmp_path / "out")
    with ledger.open(settings.ledger) as book:
        assert export(book, "batches").is_empty(), "nothing is recorded"


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_any_program_can_take_new_postings(
    url: str, tmp_path: Path, form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = after_first_night(url)
    options = ["--ledger", url, "--config", str(samples() / "lettrage.toml"), "--json"]
    command = [*options, "export", "gl", "--new", "--format", form, "-o", str(tmp_path / "out")]
    frames = []
    for number, night in enumerate(NIGHTS, 1):
        steps.nightly(settings, [samples() / night], "tester")
        capsys.readouterr()
        assert cli.main(command) == 0
        receipt = json.loads(capsys.readouterr().out)
        assert receipt["batch"] == number
        (file,) = receipt["files"]
        path = Path(file["file"])
        frame = pl.read_csv(path, infer_schema=False) if form == "csv" else pl.read_parquet(path)
        frames.append(frame.cast(pl.String).with_columns(pl.all().fill_null("")))
        assert frames[-1].height == receipt["postings"]
    with ledger.open(url) as book:
        whole = export(book, "gl", company_currency="EUR").cast(pl.String)
    whole = whole.with_columns(pl.all().fill_null("")).sort(whole.columns)
    assert pl.concat(frames).sort(whole.columns).equals(whole)


def test_a_register_is_in_one_batch_only(sqlite_two_nights: config.Settings) -> None:
    with ledger.open(sqlite_two_nights.ledger) as book:
        batches.new(book, "gl", "anna", general_ledger(book, "csv", "EUR"))
        (last,) = book.rows("SELECT through_register FROM export_batch")[0]
        for after, through in ((0, last), (last - 1, last + 1), (last, last)):
            with pytest.raises(Exception, match="ledger refuses"), book.transaction() as connection:
                connection.exec_driver_sql(
                    "INSERT INTO export_batch (kind, number, prev_number, after_register,"
                    " through_register, journal_entries, postings, actor) VALUES"
                    f" ('gl', 2, 1, {after}, {through}, 1, 1, 'eve')"
                )
