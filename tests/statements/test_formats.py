"""One statement as PDF, HTML, CSV and JSON: what each of them carries, and what it never does."""

import base64
import csv
import dataclasses
import datetime as dt
import io
import json
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import typst
import zxingcpp
from PIL import Image
from pypdf import PdfReader

from pipeline import cli, config, statement_previews
from pipeline.defaults import DEFAULTS
from pipeline.domain import money
from pipeline.domain.errors import UsageError
from pipeline.domain.pdf import NotDrawnError
from pipeline.statements import (
    FORMATS,
    STYLES,
    Form,
    Look,
    Renderer,
    Told,
    compose,
    kept,
    look,
    page,
)
from pipeline.statements.figures import _SECTIONS, as_csv, figures
from tests.statements.test_payment_part_paid import DAY, QR_IBAN, books, code_on
from tests.statements.test_styles import CUSTOMER, ENTRIES, MOVEMENTS, letter


class Seen(HTMLParser):
    """The text of a page, the tags on it, and whatever it would load."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.text, self.tags, self.sources = "", [], []  # type: ignore[var-annotated]
        self.feed(page.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.sources += [value or "" for name, value in attrs if name in ("src", "href")]

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture(scope="module")
def swiss(tmp_path_factory: pytest.TempPathFactory) -> tuple[config.Settings, Path]:
    """A Swiss customer with three invoices, a credit and a QR-bill, in all formats."""
    folder = tmp_path_factory.mktemp("formats")
    settings = books(folder, QR_IBAN)
    said = {**settings.statements, "letterhead": ["Werkstrasse 7", "<CHE> & Co"]}
    settings = dataclasses.replace(settings, statements=said)
    statement_previews.write(settings, DAY, folder / "out", formats=FORMATS)
    return settings, folder / "out"


def test_the_pdf_is_tagged_archivable_and_carries_its_figures(
    swiss: tuple[config.Settings, Path],
) -> None:
    """PDF/A-3a and PDF/UA-1: typst refuses to write what does not conform."""
    found = PdfReader(swiss[1] / f"statement-C1-{DAY}.pdf")
    root: Any = found.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "de-CH"
    assert found.xmp_metadata is not None
    said = found.xmp_metadata.stream.get_data().decode()
    for claim in ("<pdfaid:part>3", "<pdfaid:conformance>A", "<pdfuaid:part>1"):
        assert claim in said
    assert found.metadata is not None
    assert found.metadata.title == "Kontoauszug C1"
    (attached,) = found.attachments["statement.json"]
    assert attached == (swiss[1] / f"statement-C1-{DAY}.json").read_bytes()
    assert root["/AF"], "associated, as PDF/A-3 asks"


def test_the_figures_are_exact_and_in_the_names_of_the_books(
    swiss: tuple[config.Settings, Path],
) -> None:
    said = json.loads((swiss[1] / f"statement-C1-{DAY}.json").read_text())
    (section,) = said["currencies"]
    assert (section["currency"], section["balance"], section["unapplied"]) == (
        "CHF", "1959.75", "-40.00")  # fmt: skip
    assert section["rows"][0] == {
        "section": "open", "document_type": "invoice", "document_no": "RE-1001",
        "posting_date": "2026-10-02", "due_date": "2026-10-22", "days_overdue": 9,
        "amount": "1000.00", "remaining_amount": "1000.00",
    }  # fmt: skip
    assert section["rows"][2]["notes"] == ["strittig"]
    (part,) = said["payment_parts"]
    assert (part["amount"], part["account"], len(part["payment_reference"])) == (
        "1909.75", QR_IBAN, 27)  # fmt: skip
    rows = list(csv.DictReader(io.StringIO((swiss[1] / f"statement-C1-{DAY}.csv").read_text())))
    assert [(row["section"], row["document_no"], row["remaining_amount"]) for row in rows] == [
        ("open", "RE-1001", "1000.00"), ("open", "RE-1002", "949.75"), ("open", "RE-1003", "50.00"),
        ("unapplied", "GS-7", "-40.00"), ("balance", "", ""),
    ]  # fmt: skip
    assert rows[-1]["balance"] == "1959.75"


def test_the_html_needs_nothing_else_and_says_what_the_page_says(
    swiss: tuple[config.Settings, Path],
) -> None:
    page = (swiss[1] / f"statement-C1-{DAY}.html").read_bytes()
    seen = Seen(page)
    assert seen.sources
    assert all(source.startswith("data:image/") for source in seen.sources)
    assert "<CHE> & Co" in seen.text
    assert "<CHE>" not in page.decode()
    for said in ("RE-1001", "1\N{RIGHT SINGLE QUOTATION MARK}000.00", "strittig", "30 Tage netto"):
        assert said in seen.text
    tags = [tag for tag, _ in seen.tags]
    assert ("html", {"lang": "de-CH"}) in seen.tags
    assert tags.count("h1") == 1
    assert tags.count("table") == tags.count("caption") == 3
    assert all(set(said) >= {"scope"} for tag, said in seen.tags if tag == "th")
    assert all(said.get("alt") for tag, said in seen.tags if tag == "img")


@pytest.mark.parametrize("customer", ["C1", "C2"], ids=["qr_bill", "epc"])
def test_the_code_of_the_html_is_that_of_the_pdf(
    swiss: tuple[config.Settings, Path], tmp_path: Path, customer: str
) -> None:
    """Drawn and read as a camera does it."""
    pdf = swiss[1] / f"statement-{customer}-{DAY}.pdf"
    (source,) = Seen(pdf.with_suffix(".html").read_bytes()).sources
    kind, _, data = source.partition(",")
    assert kind == "data:image/svg+xml;base64"
    (tmp_path / "code.svg").write_bytes(base64.b64decode(data))
    (tmp_path / "page.typ").write_text('#image("code.svg", width: 9cm)')
    drawn = typst.compile(tmp_path / "page.typ", format="png")
    assert isinstance(drawn, bytes)
    (found,) = zxingcpp.read_barcodes(Image.open(BytesIO(drawn)))
    assert found.bytes.decode().split("\n") == code_on(pdf)


@pytest.mark.parametrize("style", STYLES)
def test_every_style_is_there_in_every_format(style: str) -> None:
    data, day = letter(Form(style, language="fr-CH")), str(DAY)
    renderer = Renderer()
    made = {kind: renderer.file(kind, data, day) for kind in FORMATS}
    assert made == {kind: Renderer().file(kind, data, day) for kind in FORMATS}
    assert "RE-1" in Seen(made["html"]).text
    rows = json.loads(made["json"])["currencies"][0]["rows"]
    assert rows
    assert {row["document_no"] for row in rows if row["section"] == "overdue"} == (
        set() if style == "open_item" else {"RE-1"}
    )


def test_what_a_customer_is_called_is_no_markup_and_no_formula() -> None:
    evil = "<script>alert(1)</script>{{ 7*7 }}"
    data = letter(Form(), CUSTOMER | {"no": "=cmd|'/C calc'!A0", "name": evil})
    page = Renderer().html(data)
    assert b"<script" not in page
    assert evil in Seen(page).text
    said = Renderer().file("csv", data, str(DAY)).decode()
    assert all(line.startswith(("customer_no", "'=cmd", "\"'=cmd")) for line in said.splitlines())


def test_a_sign_that_no_font_has_stops_no_statement_and_nothing_is_claimed() -> None:
    renderer = Renderer()
    renderer.pdf(letter(Form()), str(DAY))
    assert renderer.warnings() == []
    made = renderer.pdf(letter(Form(), CUSTOMER | {"name": "株 😀"}), str(DAY))
    found = PdfReader(BytesIO(made))
    root: Any = found.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert found.xmp_metadata is not None
    assert b"pdfaid:part" not in found.xmp_metadata.stream.get_data()
    assert renderer.warnings()[0].startswith("1 PDFs are tagged, but neither PDF/A nor PDF/UA")


def test_the_number_of_an_account_stands_on_one_line() -> None:
    """Who types it reads it in one piece: wherever the list is broken, no number is."""
    number = "MT84 MALT 0110 0001 2345 MTLC AST0 01S"
    for length in range(4, 100, 8):
        accounts = [{"name": "B" * length, "currency": "EUR", "account": number}] * 3
        data = letter(Form()) | {"accounts": accounts}
        said = PdfReader(BytesIO(Renderer().pdf(data, str(DAY)))).pages[0].extract_text()
        assert said.count(f"EUR {number}") == 3, length


def test_a_run_counts_the_pages_that_its_letterhead_keeps_from_being_archived(
    swiss: tuple[config.Settings, Path], tmp_path: Path
) -> None:
    settings = swiss[0]
    said = {**settings.statements, "letterhead": ["Werkstrasse 7", "株式会社"]}
    settings = dataclasses.replace(settings, statements=said)
    done = statement_previews.write(settings, DAY, tmp_path)
    assert [warning.split(",")[0] for warning in done["warnings"]] == ["3 PDFs are tagged"]


def test_another_fault_than_a_sign_is_said_and_not_hidden() -> None:
    """Else a template that tags nothing any more would claim nothing, for everybody, unseen."""
    four = BytesIO()
    Image.new("CMYK", (9, 9)).save(four, "JPEG")
    with pytest.raises(NotDrawnError, match="CMYK"):
        Renderer(Look(logo=four.getvalue(), kind="jpg")).pdf(letter(Form()), str(DAY))


def kept_before(data: Any) -> Any:
    """As a release before exact figures kept it."""
    later = ("exact", "days", "overdue_entries", "noted_entries")
    if isinstance(data, dict):
        own = {"days": data["days"]} if isinstance(data.get("days"), int) else {}
        return own | {name: kept_before(said) for name, said in data.items() if name not in later}
    return [kept_before(one) for one in data] if isinstance(data, list) else data


@pytest.mark.parametrize("style", STYLES)
def test_what_an_older_release_kept_is_a_page_without_figures(style: str) -> None:
    """Before: each statement that waited over the upgrade failed, and none could be shown again."""
    content = kept(kept_before(letter(Form(style))))
    assert "exact" not in content
    found = PdfReader(BytesIO(Renderer().pdf(page(content, "0" * 64, 3), str(DAY))))
    assert "RE-1" in found.pages[0].extract_text()
    assert not found.attachments


def test_a_format_that_is_said_twice_is_written_once(
    swiss: tuple[config.Settings, Path], tmp_path: Path
) -> None:
    words = ["statements", "--as-of", str(DAY), "--out", str(tmp_path)]
    assert cli.main(["--ledger", swiss[0].ledger, *words, *["--format", "csv"] * 2]) == 0
    assert len(list(tmp_path.iterdir())) == 3


def shown(text: str) -> str:
    """An amount as the German page writes it, as the figures do."""
    return text.replace(".", "").replace(",", ".").replace("\N{MINUS SIGN}", "-")


def of_row(row: dict[str, Any]) -> list[str]:
    """The amounts of a row of the page: what moved, what is open of it, the balance."""
    moved = row.get("amount") or row.get("charge", "")
    if "credit" in row:
        moved = "-" + row["credit"]
    return [shown(text) for text in (moved, row.get("open"), row.get("balance")) if text]


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("currency", ["EUR", "JPY", "KWD"])
def test_every_amount_of_the_page_is_among_the_figures(style: str, currency: str) -> None:
    """Of each row, with its balance or what is open of it; no row more and none less."""
    entries = [row | {"currency": currency} for row in ENTRIES.to_dicts()]
    moved = [row | {"currency": currency} for row in MOVEMENTS.to_dicts()]
    moved[1]["entry_id"] = 1
    told = Told(4, dt.date(2026, 9, 30), {currency: 70_001}, moved[:1])
    data = compose(CUSTOMER, entries, moved, DAY, Form(style), "Hansen", "", told)
    (section,), (said,) = data["currencies"], figures(data, str(DAY))["currencies"]
    assert shown(section["balance"]) == said["balance"]
    assert shown(section["unapplied"]) == said["unapplied"] != "0"
    aged = [shown(band["amount"]) for band in section["bands"]]
    assert aged == [band["amount"] for band in said["aging"]]
    of_page = [of_row(row) for name in _SECTIONS for row in section.get(name, ())]
    columns = ("amount", "remaining_amount", "balance")
    assert of_page == [[row[name] for name in columns if name in row] for row in said["rows"]]
    every = [text for row in of_page for text in row]
    assert any(text.startswith("-") for text in every)
    assert {len(text.partition(".")[2]) for text in every} == {money.exponent(currency)}
    rows = list(csv.DictReader(io.StringIO(as_csv(data, str(DAY)).decode())))
    assert [[row[name] for name in columns if row[name]] for row in rows[:-1]] == of_page


def test_a_band_is_known_by_its_days_in_any_language() -> None:
    def aged(form: Form) -> list[tuple[int | None, int | None, str]]:
        (said,) = figures(letter(form), str(DAY))["currencies"]
        return [(one["from_days"], one["until_days"], one["amount"]) for one in said["aging"]]

    assert aged(Form(language="fr")) == [
        (None, 0, "500.00"), (1, 30, "1000.00"), (31, 60, "0.00"), (61, 90, "0.00"),
        (91, None, "0.00"),
    ]  # fmt: skip
    assert aged(Form(aged_by="posting", bands=(10, 28))) == [
        (0, 10, "500.00"), (11, 28, "0.00"), (29, None, "1000.00")]  # fmt: skip


def picture(folder: Path, kind: str = "PNG") -> str:
    file = folder / f"logo.{kind.lower()}"
    Image.new("RGB", (60, 20), "#7a1f3d").save(file, kind)
    return str(file)


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_logo_colour_and_letterhead_are_those_of_the_settings(tmp_path: Path, kind: str) -> None:
    said = {"logo": picture(tmp_path, kind), "colour": "#7a1f3d", "letterhead": ["CHE-1", "Basel"]}
    renderer = Renderer(look(said))
    data = letter(Form())
    pdf = renderer.pdf(data, str(DAY))
    assert pdf == Renderer(look(said)).pdf(data, str(DAY))
    found = PdfReader(BytesIO(pdf)).pages[0]
    assert len(found.images) == 1
    assert "CHE-1 · Basel" in found.extract_text()
    page = renderer.html(data).decode()
    assert "#7a1f3d" in page
    assert f"data:image/{kind.lower()};base64," in page
    assert len(PdfReader(BytesIO(Renderer().pdf(data, str(DAY)))).pages[0].images) == 0


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("logo", "none.png", "there is no such file, expected a PNG or JPEG"),
        ("logo", "text.png", "expected a PNG or JPEG"),
        ("logo", "broken.png", "cannot be drawn"),
        ("logo", "large.png", "500,008 bytes, expected 500,000 at most"),
        ("logo", "wide.png", "2,001 x 2,000 pixels, expected 4,000,000 at most"),
        ("logo", "wide.jpg", "2,001 x 2,000 pixels, expected 4,000,000 at most"),
        ("logo", "four.jpg", "cannot be archived (PDF/A), expected RGB or grey, not CMYK"),
        ("logo", ".", "there is no such file"),
        ("colour", "red", "found 'red', expected one such as '#1f6f78'"),
        ("colour", "#ffee00", "too pale to be read (1.2 to 1)"),
    ],
)
def test_what_cannot_be_drawn_is_said(tmp_path: Path, key: str, value: str, said: str) -> None:
    (tmp_path / "text.png").write_text("no picture")
    (tmp_path / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\nno more")
    (tmp_path / "large.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(500_000))
    Image.new("1", (2_001, 2_000)).save(tmp_path / "wide.png")
    Image.new("L", (2_001, 2_000)).save(tmp_path / "wide.jpg", exif=b"Exif\0\0" + b"\xff\xc0" * 9)
    Image.new("CMYK", (9, 9)).save(tmp_path / "four.jpg")
    given = str(tmp_path / value) if key == "logo" else value
    with pytest.raises(UsageError) as error:
        look({"logo": "", "colour": "", "letterhead": [], key: given})
    assert said in str(error.value)
    assert f"[statements] {key}" in str(error.value)


def test_a_look_that_is_not_there_is_plain() -> None:
    assert look(DEFAULTS["statements"]) == Look()


def test_what_is_numbered_goes_as_pdf(
    swiss: tuple[config.Settings, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["statements", "--as-of", "2026-10-31", "--print", "--format", "csv"]
    assert cli.main(["--ledger", swiss[0].ledger, *words]) == 2
    assert "--format: what is numbered goes as PDF" in capsys.readouterr().err
