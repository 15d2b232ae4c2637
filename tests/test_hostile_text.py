"""Texts that mean something to a database, a spreadsheet, a template or a terminal: only text."""

import datetime as dt
from pathlib import Path

import polars as pl
import pytest

from pipeline import config, ledger, steps
from pipeline.ledger import as_of
from pipeline.ledger.export import COLUMNS, export, write
from pipeline.ledger.load import load
from pipeline.ledger.verify import verify
from pipeline.statements.render import Renderer

SQL = [
    "'; DROP TABLE posting; --", '" OR 1=1 --', "Robert'); DELETE FROM entry; --", "%", "_", "\\",
    "%s %(name)s ? :name $1", "{0} {name}", "NULL", "''", "/* x */", "E'\\x27'",
]  # fmt: skip
FORMULAS = ['=HYPERLINK("http://evil","x")', "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1"]
MARKUP = [
    "<script>alert(1)</script>", "{{7*7}}", '#read("/etc/passwd")', "$x$", "*bold* _it_ @ref",
    "#panic()", "\\u{41} \\n", "%n%n", "<b>&amp;</b>", "`code`", "// comment", "[x](y)",
    "😀" * 1000,
]  # fmt: skip
IBAN = "DE16370501980000001000"


def _quoted(*cells: str) -> str:
    return ",".join('"' + cell.replace('"', '""') + '"' for cell in cells) + "\n"


def _loaded(url: str, folder: Path, text: str) -> config.Settings:
    """Books in which every text of a master file is ``text``, and an invoice of 5.00."""
    settings = config.read(None, url)
    ledger.init(url)
    files = {
        "bank-accounts": "no,name,currency,iban,last_statement_date,last_statement_balance\n"
        + _quoted(f"B{text}", text, "EUR", IBAN, "2026-01-04", "100.00"),
        "customers": "no,name,address,city,ibans\n" + _quoted(f"C{text}", text, text, text, ""),
        "ledger-entries": "party_type,party_no,document_type,document_no,posting_date,due_date,"
        "currency,amount,description\n"
        + _quoted("customer", f"C{text}", "invoice", "RE2026-77", "2026-01-02", "2026-02-01",
                  "EUR", "5.00", text),
    }  # fmt: skip
    with ledger.open(url) as book:
        for kind, content in files.items():
            file = folder / f"{kind}.csv"
            file.write_text(content, "utf-8")
            load(book, kind, file, settings, actor="tester")
    return settings


def _statement(text: str) -> str:
    return (
        f":20:{text}\n:25:{IBAN}\n:28C:1\n:60F:C260105EUR100,00\n"
        f":61:2601050105C5,00NTRF{text[:16]}//{text[:16]}\n"
        f":86:166?00{text}?20RE2026-77 {text}?32{text}\n:62F:C260105EUR105,00\n-\n"
    )


@pytest.mark.parametrize("text", SQL)
def test_c79_sql_in_every_text_is_kept_letter_by_letter(
    url: str, tmp_path: Path, text: str
) -> None:
    settings = _loaded(url, tmp_path, text)
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "a.sta").write_text(_statement(text))
    receipt = steps.nightly(settings, [inbox], "O'Brien'; --")
    assert receipt["report"]["problems"] == []
    with ledger.open(url) as book:
        assert [c.invariant for c in verify(book) if c.violations] == []
        found = {kind: export(book, kind) for kind in COLUMNS}
    assert found["statements"]["bank_account_no"].to_list() == [f"B{text}"]
    assert found["lines"]["status"].to_list() == ["reconciled"]
    assert found["applications"]["party_no"].to_list() == [f"C{text}"]
    assert set(found["entries"]["remaining_amount"]) == {"0.00"}


@pytest.mark.parametrize("text", FORMULAS)
def test_c76_a_formula_in_a_csv_export_is_text_and_numbers_stay_numbers(
    tmp_path: Path, text: str
) -> None:
    frame = pl.DataFrame({"counterparty_name": [text], "amount": ["-5.00"], "line_no": [1]})
    write(frame, "csv", tmp_path / "a.csv")
    back = pl.read_csv(tmp_path / "a.csv")
    assert back["counterparty_name"].to_list() == ["'" + text]
    assert back["amount"].to_list() == [-5.0]
    write(frame, "parquet", tmp_path / "a.parquet")
    assert pl.read_parquet(tmp_path / "a.parquet").equals(frame)


@pytest.mark.parametrize("text", [*MARKUP, *SQL, *FORMULAS])
def test_c77_markup_is_shown_literally_in_a_customer_statement(text: str) -> None:
    from pipeline.statements import STYLES, Form, compose

    day = dt.date(2026, 1, 31)
    row = {
        "entry_id": 1, "party_no": "C1", "document_type": "invoice", "document_no": text, "instalment": 0,  # noqa: E501
        "posting_date": dt.date(2026, 1, 2), "due_date": day, "document_date": None, "currency": "EUR", "amount": 500,  # noqa: E501
        "remaining_amount": 500, "description": text, "on_hold": False, "source_conflict": False,
        "external_document_no": text, "payment_reference": text,
    }  # fmt: skip
    customer = {"no": "C1", "name": text, "address": text, "city": text, "postcode": "1",
                "country": "DE", "language": "de", "currency": "EUR", "address_2": text, "name_2": text}  # fmt: skip  # noqa: E501
    moved = dict.fromkeys(as_of.MOVEMENTS) | {
        "party_no": "C1", "currency": "EUR", "day": row["posting_date"], "kind": text,
        "document_no": text, "instalment": 0, "amount": 500, "entry_id": 1, "no": 0, "seq": 0,
    }  # fmt: skip
    for style in STYLES:
        data = compose(customer, [row], [moved], day, Form(style), text, "head")
        assert data["address"][0] == text
        assert Renderer().pdf(data, "2026-10-31").startswith(b"%PDF-")


@pytest.mark.parametrize("text", MARKUP)
@pytest.mark.parametrize("form", ["csv", "json", "parquet"])
def test_c77_markup_survives_every_export(tmp_path: Path, text: str, form: str) -> None:
    frame = pl.DataFrame({"text": [text]})
    write(frame, form, tmp_path / "a")
    reader = {"csv": pl.read_csv, "json": pl.read_json, "parquet": pl.read_parquet}[form]
    found = reader(tmp_path / "a")["text"].to_list()
    assert found == ["'" + text if form == "csv" and text[0] in "=+-@" else text]
