"""What a customer reads: open items, the account of a period, its activity; in its language."""

import datetime as dt
import random
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from babel.numbers import format_decimal

import pipeline.statements
from pipeline import cli, config, ledger, statement_previews
from pipeline.cli import statements as statements_command
from pipeline.domain import money
from pipeline.ledger import as_of, reads
from pipeline.statements import (
    AGED_BY,
    BALANCES,
    FORMATS,
    REVERSED,
    STYLES,
    Form,
    Renderer,
    Told,
    compose,
    languages,
    paying,
)
from pipeline.statements.language import language
from tests.statements.tying import days_of, not_tied

DAY = dt.date(2026, 10, 31)
OCTOBER = Form(first=dt.date(2026, 10, 1), language="en-GB")


def entry(number: str, day: int, amount: int, **more: Any) -> dict[str, Any]:
    date = dt.date(2026, 10, day)
    return {
        "entry_id": int(number), "party_no": "C1", "document_type": "invoice",
        "document_no": f"RE-{number}", "instalment": 0, "posting_date": date,
        "due_date": date + dt.timedelta(days=10), "document_date": None, "currency": "EUR",
        "amount": amount, "remaining_amount": amount, "on_hold": "", "mandate_id": "",
        "project": "",
        "discount_date": None, "discount_amount": 0, "discount_date_2": None,
        "discount_amount_2": 0, **more,
    }  # fmt: skip


def moved(day: int, kind: str, amount: int, number: str = "", month: int = 10) -> dict[str, Any]:
    return {
        "party_no": "C1", "project": "", "currency": "EUR", "day": dt.date(2026, month, day),
        "kind": kind,
        "document_no": number, "instalment": 0, "amount": amount, "entry_id": None, "no": 1,
        "seq": 1, "posted_no": 1, "undoes_no": None, "paid_currency": None,
        "paid_amount": None,
    }  # fmt: skip


ENTRIES = pl.DataFrame(
    [entry("1", 2, 100_000), entry("2", 25, 50_000), entry("3", 5, -4_000, document_type="payment",
                                                           document_no="LINE/B/1")],
)  # fmt: skip
MOVEMENTS = pl.DataFrame([
    moved(20, "invoice", 70_000, "RE-0", month=9),
    moved(2, "invoice", 100_000, "RE-1"),
    moved(3, "payment", -68_600, "LINE/B/0"),
    moved(3, "discount", -1_400, "RE-0"),
    moved(5, "payment", -4_000, "LINE/B/1"),
    moved(25, "invoice", 50_000, "RE-2"),
])  # fmt: skip
CUSTOMER = {"no": "C1", "name": "Nordlicht GmbH", "name_2": "", "language": "de", "country": "DE"}


COMPANY = {"name": "Hansen GmbH", "address": "", "postcode": "", "city": "", "country": ""}


def letter(form: Form, customer: dict[str, Any] | None = None) -> dict[str, Any]:
    who = customer or CUSTOMER
    found = compose(
        who, ENTRIES.to_dicts(), MOVEMENTS.to_dicts(), DAY, form, "Hansen GmbH", "0" * 64
    )
    return found | paying(who, ENTRIES.to_dicts(), (), (), COMPANY, DAY, form)


def test_a_balance_is_brought_forward_and_every_movement_changes_it() -> None:
    section = letter(Form("balance_forward", OCTOBER.first, language="en-GB"))["currencies"][0]
    shown = [
        (row.get("date", ""), row.get("text") or f"{row['type']} {row['document']}".strip(),
         row.get("charge", ""), row.get("credit", ""), row["balance"])
        for row in section["account"]
    ]  # fmt: skip
    assert shown == [
        ("", "Balance on 30 Sept 2026", "", "", "700.00"),
        ("2 Oct 2026", "Invoice RE-1", "1,000.00", "", "1,700.00"),
        ("3 Oct 2026", "Payment", "", "686.00", "1,014.00"),
        ("3 Oct 2026", "Cash discount RE-0", "", "14.00", "1,000.00"),
        ("5 Oct 2026", "Payment", "", "40.00", "960.00"),
        ("25 Oct 2026", "Invoice RE-2", "500.00", "", "1,460.00"),
        ("", "Balance on 31 Oct 2026", "", "", "1,460.00"),
    ]
    assert section["balance"] == "1,460.00", "what is open is what moved"


def test_activity_says_what_moved_in_the_period_and_what_of_it_is_open() -> None:
    section = letter(Form("activity", OCTOBER.first, language="en-GB"))["currencies"][0]
    rows = [(row["type"], row["amount"], row["open"]) for row in section["activity"]]
    assert rows[0] == ("Invoice", "1,000.00", "")
    assert section["total"] == "760.00"
    linked = MOVEMENTS.with_columns(
        pl.when(pl.col("document_no") == "RE-1").then(1).alias("entry_id")
    )
    data = compose(
        CUSTOMER,
        ENTRIES.to_dicts(),
        linked.to_dicts(),
        DAY,
        Form("activity", language="en-GB"),
        "",
        "",
    )
    assert data["currencies"][0]["activity"][0]["open"] == "1,000.00"


def test_open_items_stand_apart_from_what_is_not_applied() -> None:
    section = letter(Form(language="en-GB"))["currencies"][0]
    assert [(row["document"], row["days"], row["open"]) for row in section["owed"]] == [
        ("RE-1", 19, "1,000.00"),
        ("RE-2", 0, "500.00"),
    ]
    assert [(row["type"], row["document"], row["open"]) for row in section["credits"]] == [
        ("Payment", "", "−40.00")  # noqa: RUF001
    ]
    assert (section["due"], section["overdue"]) == ("1,500.00", "1,000.00")


@pytest.mark.parametrize("style", STYLES)
def test_disputes_discounts_and_debits_are_said_in_every_style(style: str) -> None:
    rows = [
        entry("1", 25, 10_000, on_hold="dispute"),
        entry("2", 25, 10_000, discount_amount=200, discount_date=DAY),
        entry("3", 25, 10_000, mandate_id="M1"),
        entry("4", 2, 10_000, on_hold="dispute"),
        entry("5", 25, 10_000),
    ]
    data = compose(CUSTOMER, rows, [], DAY, Form(style, language="en-GB"), "", "")
    (section,) = data["currencies"]
    lists = [section.get(name, []) for name in ("owed", "overdue_entries", "noted_entries")]
    said = {row["document"]: row["notes"] for rows in lists for row in rows if row["notes"]}
    assert said == {
        "RE-1": ["in dispute"], "RE-2": ["cash discount of 2.00 until 31 Oct 2026"],
        "RE-3": ["by direct debit"], "RE-4": ["in dispute"],
    }  # fmt: skip
    assert Renderer().pdf(data, str(DAY)).startswith(b"%PDF-")


def test_what_came_late_shows_where_nothing_is_open_any_more() -> None:
    late = [{"currency": "EUR", "amount": -250, "day": DAY, "kind": "payment", "document_no": "Z-1",
             "instalment": 0, "entry_id": 9, "no": 3, "seq": 0,
             "paid_currency": None}]  # fmt: skip
    told = Told(1, DAY, {"EUR": 250}, late)
    data = compose(CUSTOMER, [], [], DAY, Form(language="en-GB"), "", "", told)
    (section,) = data["currencies"]
    assert [row["balance"] for row in section["late"]] == ["2.50", "0.00", "0.00"]
    assert (section["owed"], section["balance"]) == ([], "0.00")
    assert Renderer().pdf(data, str(DAY)).startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("form", "bands"),
    [
        (Form(), {"not due": "500.00", "1–30 days": "1,000.00", "31–60 days": "0.00",  # noqa: RUF001
                  "61–90 days": "0.00", "over 90 days": "0.00"}),  # noqa: RUF001
        (Form(bands=(7, 14)), {"not due": "500.00", "1–7 days": "0.00", "8–14 days": "0.00",  # noqa: RUF001
                               "over 14 days": "1,000.00"}),
        (Form(aged_by="posting"), {"up to 30 days": "1,500.00", "31–60 days": "0.00",  # noqa: RUF001
                                   "61–90 days": "0.00", "over 90 days": "0.00"}),  # noqa: RUF001
        (Form(aged_by="document", bands=(10,)), {"up to 10 days": "500.00",
                                                 "over 10 days": "1,000.00"}),
        (Form(aged_by="off"), {}),
    ],
)  # fmt: skip
def test_entries_age_from_the_date_that_is_asked_for(form: Form, bands: dict[str, str]) -> None:
    wanted = Form(form.style, form.first, form.aged_by, form.bands, "en-GB")
    section = letter(wanted)["currencies"][0]
    assert {band["name"]: band["amount"] for band in section["bands"]} == bands
    assert section["unapplied"] == "−40.00"  # noqa: RUF001


def test_each_customer_reads_its_own_language_and_style() -> None:
    german = letter(Form(), CUSTOMER | {"statement_style": "balance_forward"})
    assert (german["style"], german["language"], german["region"]) == (
        "balance_forward",
        "de",
        "DE",
    )
    assert german["currencies"][0]["account"][-1]["text"] == "Saldo am 31.10.2026"
    assert german["currencies"][0]["balance"] == "1.460,00"
    assert letter(Form("open_item"), CUSTOMER | {"statement_style": "activity"})["style"] == (
        "open_item"
    )
    assert letter(Form(), CUSTOMER | {"language": "pl"})["language"] == "en", "no words in Polish"


@pytest.mark.parametrize(
    ("tag", "country", "day", "amount"),
    [
        ("de-CH", "", "31.10.2026", "1’234’567.89"),  # noqa: RUF001
        ("de", "CH", "31.10.2026", "1’234’567.89"),  # noqa: RUF001
        ("fr-CA", "", "31 oct. 2026", "1\N{NO-BREAK SPACE}234\N{NO-BREAK SPACE}567,89"),
        ("it", "IT", "31 ott 2026", "1.234.567,89"),
        ("nl", "NL", "31 okt 2026", "1.234.567,89"),
        ("es", "ES", "31 oct 2026", "1.234.567,89"),
        ("en", "US", "Oct 31, 2026", "1,234,567.89"),
        ("", "", "31 Oct 2026", "1,234,567.89"),
    ],
)
def test_days_and_amounts_are_written_as_the_locale_writes_them(
    tag: str, country: str, day: str, amount: str
) -> None:
    found = language(tag, country)
    assert (found.day(DAY), found.amount(123_456_789, "EUR")) == (day, amount)


@pytest.mark.parametrize("tag", ["de", "de-CH", "fr", "fr-CH", "fr-CA", "it", "nl", "es", "en-US"])
def test_amounts_are_those_that_babel_writes(tag: str) -> None:
    """Symbols are looked up once a locale: Babel takes longer than all else of a statement."""
    chance, words = random.Random(tag), language(tag)
    for currency, pattern in (("EUR", "#,##0.00"), ("JPY", "#,##0"), ("KWD", "#,##0.000")):
        for digits in range(1, 14):
            amount = chance.randint(-(10**digits), 10**digits)
            value = Decimal(amount).scaleb(-money.exponent(currency))
            wanted = format_decimal(value, pattern, locale=words.locale)
            assert words.amount(amount, currency) == wanted.replace("-", "\N{MINUS SIGN}")


def test_yen_have_no_decimals_and_dinars_three() -> None:
    english = language("en")
    assert english.amount(-1_234_567, "JPY") == "−1,234,567"  # noqa: RUF001
    assert english.amount(1_234_567, "KWD") == "1,234.567"


def test_all_catalogues_say_the_same_things() -> None:
    folder = Path(pipeline.statements.__file__).parent / "texts"
    said = {path.stem: tomllib.loads(path.read_text("utf-8")) for path in folder.glob("*.toml")}
    assert set(said) == set(languages()) >= {"de", "en", "es", "fr", "it", "nl"}
    for name, words in said.items():
        assert set(words) == set(said["en"]), name
        for key, text in said["en"].items():
            if key in ("types", "transfer", "qr_bill"):
                assert set(words[key]) == set(text), name
            else:
                braces = {part.partition("}")[0] for part in text.split("{")[1:]}
                own = {part.partition("}")[0] for part in words[key].split("{")[1:]}
                assert own == braces, (name, key)


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("tag", ["de", "en", "es", "fr-CH", "it", "nl"])
def test_every_style_is_rendered_in_every_language_and_twice_alike(style: str, tag: str) -> None:
    data = letter(Form(style, language=tag))
    pdf = Renderer().pdf(data, str(DAY))
    assert pdf.startswith(b"%PDF-")
    assert pdf == Renderer().pdf(data, str(DAY))


def test_the_accounts_of_all_customers_tie_on_every_day(sqlite_two_nights: config.Settings) -> None:
    with ledger.open(sqlite_two_nights.ledger) as book:
        days = days_of(book)
        assert len(days) > 20
        assert not_tied(book, days) == []
        head = reads.register_head(book)["no"]
        kinds = set(as_of.customer_movements(book, days[-1], head)["kind"].to_list())
    assert {"invoice", "payment", "discount", "tolerance", "bank_charge"} <= kinds


def test_the_other_styles_go_to_customers_who_owe_nothing_any_more(
    sqlite_two_nights: config.Settings, tmp_path: Path
) -> None:
    open_items = statement_previews.write(sqlite_two_nights, DAY, tmp_path / "a")
    form = Form("balance_forward")
    accounts = statement_previews.write(sqlite_two_nights, DAY, tmp_path / "b", form)
    assert accounts["statements"] > open_items["statements"]
    assert {f.name for f in (tmp_path / "a").iterdir()} < {
        f.name for f in (tmp_path / "b").iterdir()
    }


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--from", "2026-11-01"], "--from 2026-11-01: expected a day until 2026-10-31"),
        (["--language", "pl"], "--language pl: no words for it; there are de, en, es, fr, it, nl"),
    ],
)
def test_what_cannot_be_done_is_said(
    sqlite_two_nights: config.Settings,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    words: list[str],
    said: str,
) -> None:
    options = ["--ledger", sqlite_two_nights.ledger, "statements", "--as-of", "2026-10-31"]
    assert cli.main([*options, "--out", str(tmp_path / "out"), *words]) == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("text", ["60,30", "30,,60", "0,30", "a", "30,30"])
def test_bands_are_rising_days(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(["statements", "--as-of", "2026-10-31", "--bands", text])
    assert "expected rising days, such as 30,60,90" in capsys.readouterr().err


def test_the_command_offers_what_there_is() -> None:
    assert statements_command.STYLES == STYLES
    assert statements_command.AGED_BY == AGED_BY
    assert statements_command.BALANCES == BALANCES
    assert statements_command.REVERSED == REVERSED
    assert statements_command.FORMATS == FORMATS
