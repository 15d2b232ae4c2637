"""A customer pays by the code on the statement, and the next bank file settles what it stands for.

The code is read off the picture of the page, as a bank's app does it.
"""

import dataclasses
import datetime as dt
import re
import shutil
import subprocess
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import zxingcpp
from PIL import Image

from pipeline import config, ledger, statement_previews, steps
from pipeline.feeds.references import payment_reference
from pipeline.ledger import reads
from pipeline.ledger.export import export
from tests.ledger import loading

DAY = dt.date(2026, 10, 31)
QR_IBAN, SWISS, SEPA = "CH4431999123000889012", "CH9300762011623852957", "DE38500400000123456700"
US = "091000019/700123"
OTHER, THIRD = "DE89370400440532013000", "DE88200800000970375700"
COMPANY = {"name": "Hansen Werkzeuge GmbH", "address": "Werkstrasse 7", "postcode": "4052",
           "city": "Basel", "country": "CH"}  # fmt: skip
CUSTOMERS = (
    "no,name,address,postcode,city,country,language,payment_terms\n"
    "C1,Schreinerei Küng & Söhne AG,Bahnhofstrasse 12,8001,Zürich,CH,de,30 Tage netto\n"
    "C2,Nordlicht GmbH,,20095,Hamburg,DE,de,\n"
    "C3,Prairie Tools Inc.,,,,US,en,\n"
)
ENTRIES = (
    "party_type,party_no,document_type,document_no,posting_date,due_date,currency,amount,on_hold,"
    "mandate_id,payment_reference\n"
    "customer,C1,invoice,RE-1001,2026-10-02,2026-10-22,CHF,1000.00,,,\n"
    "customer,C1,invoice,RE-1002,2026-10-25,2026-11-14,CHF,949.75,,,RF18539007547034\n"
    "customer,C1,credit_memo,GS-7,2026-10-27,,CHF,-40.00,,,\n"
    "customer,C1,invoice,RE-1003,2026-10-26,2026-11-15,CHF,50.00,dispute,,\n"
    "customer,C2,invoice,RE-2001,2026-10-02,2026-10-22,EUR,250.00,,,\n"
    "customer,C2,invoice,RE-2002,2026-10-03,2026-10-23,EUR,99.00,,M-1,\n"
    "customer,C3,invoice,RE-3001,2026-10-03,2026-10-23,USD,75.00,,,\n"
)


def books(folder: Path, qr_iban: str = "", company: dict[str, str] = COMPANY) -> config.Settings:
    folder.mkdir(exist_ok=True)
    settings = config.read(None, f"sqlite:///{folder}/ledger.db", {})
    settings = dataclasses.replace(settings, company={**settings.company, **company})
    ledger.init(settings.ledger)
    banks = (
        "no,name,currency,iban,account_id,last_statement_balance,last_statement_date\n"
        f"CHF1,Alpina Bank,CHF,{SWISS},{qr_iban},0,2026-10-31\n"
        f"EUR1,Hansebank,EUR,{SEPA},,0,2026-10-31\n"
        f"USD1,Prairie Bank,USD,,{US},0,2026-10-31\n"
    )
    loads = {"bank-accounts": banks, "customers": CUSTOMERS, "ledger-entries": ENTRIES}
    for kind, text in loads.items():
        loading.take(settings, folder, kind, text)
    return settings


def statement(settings: config.Settings, folder: Path, customer: str, day: dt.date = DAY) -> Path:
    done = statement_previews.write(settings, day, folder / "out", actor="tester")
    assert done["statements"] == 3
    return folder / "out" / f"statement-{customer}-{day}.pdf"


def code_on(pdf: Path) -> list[str]:
    """The fields of the only QR code on the pages."""
    if not shutil.which("pdftoppm"):
        pytest.skip("needs poppler-utils")
    subprocess.run(["pdftoppm", "-png", "-r", "150", pdf, pdf.with_suffix("")], check=True)
    pages = sorted(pdf.parent.glob(f"{pdf.stem}-*.png"))
    found = [code for page in pages for code in zxingcpp.read_barcodes(Image.open(page))]
    assert len(found) == 1
    return found[0].bytes.decode().split("\n")


def printed(pdf: Path) -> str:
    if not shutil.which("pdftotext"):
        pytest.skip("needs poppler-utils")
    done = subprocess.run(["pdftotext", "-layout", pdf, "-"], check=True, capture_output=True)
    return done.stdout.decode()


def paid(settings: config.Settings, day: str, currency: str, opening: str, amount: str,
         text: str, times: int = 1) -> None:  # fmt: skip
    """A night with a bank file of one receipt, or so many alike, on our account of a currency."""
    account = {"CHF": SWISS, "EUR": SEPA, "USD": US}[currency]
    closing = str(Decimal(opening) + times * Decimal(amount))
    first, last, moved = (money.replace(".", ",") for money in (opening, closing, amount))
    inbox = Path(settings.ledger.removeprefix("sqlite:///")).with_name(f"night-{day}")
    inbox.mkdir()
    lines = "".join(
        f":61:{day}{day[2:]}C{moved}NTRFNONREF//R{day}{n}\n:86:{text}\n" for n in range(times)
    )
    (inbox / "bank.sta").write_text(
        f":20:T\n:25:{account}\n:60F:C{day}{currency}{first}\n{lines}"
        f":62F:C{day}{currency}{last}\n-\n"
    )
    steps.nightly(settings, [inbox], "tester")


def opened(settings: config.Settings, customer: str) -> dict[str, str]:
    with ledger.open(settings.ledger) as book:
        rows = export(book, "entries").filter(pl.col("party_no") == customer).to_dicts()
    left = {row["document_no"]: str(row["remaining_amount"]) for row in rows}
    return {number: amount for number, amount in left.items() if Decimal(amount)}


def reasons(settings: config.Settings) -> list[tuple[str, str]]:
    with ledger.open(settings.ledger) as book:
        rows = export(book, "exceptions").filter(pl.col("status") == "open").to_dicts()
    return [(row["reason"], str(row["remaining"])) for row in rows]


def test_a_statement_as_it_was_known_asks_to_pay_to_the_account_of_then(tmp_path: Path) -> None:
    """Since then one bank account has another IBAN, and a new one is the first of its currency."""
    settings = books(tmp_path)
    with ledger.open(settings.ledger) as book:
        at = reads.register_head(book)["no"]

    def told(name: str, **asked: Any) -> bytes:
        own = dataclasses.replace(settings, statements={**settings.statements, **asked})
        statement_previews.write(own, DAY, tmp_path / name, as_known_at=at)
        return (tmp_path / name / f"statement-C2-{DAY}.pdf").read_bytes()

    before = told("before")
    changed = (
        "no,name,currency,iban,account_id,last_statement_balance,last_statement_date\n"
        f"EUR0,New Bank,EUR,{OTHER},,0,2026-10-31\nEUR1,Hanse,EUR,{THIRD},,0,2026-10-31\n"
    )
    loading.take(settings, tmp_path, "bank-accounts", changed)
    assert told("after") == before
    assert told("named", pay_to={"EUR": "EUR0"}) == before, "a setting of today names a later one"


@pytest.mark.parametrize("qr_iban", [QR_IBAN, ""], ids=["QRR", "SCOR"])
def test_a_swiss_customer_pays_the_qr_bill(tmp_path: Path, qr_iban: str) -> None:
    settings = books(tmp_path, qr_iban)
    fields = code_on(statement(settings, tmp_path, "C1"))
    assert fields[:11] == ["SPC", "0200", "1", qr_iban or SWISS, "S", COMPANY["name"],
                           "Werkstrasse 7", "", "4052", "Basel", "CH"]  # fmt: skip
    assert fields[11:20] == [*[""] * 7, "1909.75", "CHF"], "less the credit, without the disputed"
    assert fields[20:27] == ["S", "Schreinerei Küng & Söhne AG", "Bahnhofstrasse 12", "", "8001",
                             "Zürich", "CH"]  # fmt: skip
    scheme, reference, message, trailer = fields[27:]
    assert (scheme, message, trailer) == ("QRR" if qr_iban else "SCOR",
                                          "Kontoauszug C1 31.10.2026", "EPD")  # fmt: skip
    assert payment_reference(reference) == reference
    paid(settings, "261103", "CHF", "0.00", fields[18], f"Küng {reference}")
    assert opened(settings, "C1") == {"RE-1003": "50.00"}
    assert reasons(settings) == []
    paid(settings, "261104", "CHF", fields[18], fields[18], reference)
    assert reasons(settings) == [("duplicate_payment", "1909.75")]
    assert opened(settings, "C1") == {"RE-1003": "50.00"}


def test_twice_in_one_bank_file_the_second_is_paid_twice(tmp_path: Path) -> None:
    settings = books(tmp_path, QR_IBAN)
    fields = code_on(statement(settings, tmp_path, "C1"))
    paid(settings, "261103", "CHF", "0.00", fields[18], fields[28], times=2)
    assert opened(settings, "C1") == {"RE-1003": "50.00"}
    assert reasons(settings) == [("duplicate_payment", "1909.75")]


def test_a_customer_in_the_euro_area_pays_the_epc_code(tmp_path: Path) -> None:
    settings = books(tmp_path)
    fields = code_on(statement(settings, tmp_path, "C2"))
    assert fields[:9] == ["BCD", "002", "1", "SCT", "", COMPANY["name"], SEPA, "EUR250.00", ""]
    assert payment_reference(fields[9]) == fields[9]
    paid(settings, "261103", "EUR", "0.00", "250.00", fields[9])
    assert opened(settings, "C2") == {"RE-2002": "99.00"}, "what is debited is not asked for"
    assert reasons(settings) == []


def test_others_type_the_reference_that_is_printed(tmp_path: Path) -> None:
    settings = books(tmp_path)
    page = printed(statement(settings, tmp_path, "C3"))
    reference = payment_reference(page)
    assert US in page
    assert reference.startswith("RF")
    groups = " ".join(reference[start : start + 4] for start in range(0, len(reference), 4))
    assert groups in page
    text = f"Payment of statement {groups} with thanks"
    paid(settings, "261103", "USD", "0.00", "75.00", text)
    assert opened(settings, "C3") == {}


def test_the_invoice_s_own_reference_is_paid_first_then_the_statement(tmp_path: Path) -> None:
    settings = books(tmp_path, QR_IBAN)
    fields = code_on(statement(settings, tmp_path, "C1"))
    paid(settings, "261103", "CHF", "0.00", "949.75", "RF18539007547034")
    assert opened(settings, "C1").keys() == {"RE-1001", "RE-1003", "GS-7"}
    paid(settings, "261104", "CHF", "949.75", fields[18], fields[28])
    assert reasons(settings) == [("reference_partly_paid", "1909.75")]
    assert opened(settings, "C1").keys() == {"RE-1001", "RE-1003", "GS-7"}


@pytest.mark.parametrize("amount", ["1909.74", "1889.75", "1000.00"])
def test_another_amount_waits_with_a_proposal(tmp_path: Path, amount: str) -> None:
    settings = books(tmp_path, QR_IBAN)
    reference = code_on(statement(settings, tmp_path, "C1"))[28]
    paid(settings, "261103", "CHF", "0.00", amount, reference)
    assert [reason for reason, _ in reasons(settings)] == ["amount_differs"]
    assert len(opened(settings, "C1")) == 4


def test_the_same_statement_again_has_the_same_reference(tmp_path: Path) -> None:
    """Also on another machine; and another amount, after a payment, has another."""
    first, other = books(tmp_path / "a", QR_IBAN), books(tmp_path / "b", QR_IBAN)
    said = [code_on(statement(s, tmp_path / n, "C1")) for s, n in ((first, "a"), (other, "b"))]
    again = statement(first, tmp_path / "a", "C1").read_bytes()
    assert said[0] == said[1]
    assert again == statement(first, tmp_path / "a", "C1").read_bytes()
    paid(first, "261103", "CHF", "0.00", "949.75", "RF18539007547034")
    later = code_on(statement(first, tmp_path / "a", "C1", dt.date(2026, 11, 5)))
    assert later[28] != said[0][28]
    assert later[18] == "960.00"
    with ledger.open(first.ledger) as book:
        assert book.rows("SELECT count(*) FROM payment_part")[0][0] == 4


def test_the_qr_bill_has_the_measures_of_the_style_guide(tmp_path: Path) -> None:
    """Receipt 62 x 105 mm, payment part 148 x 105 mm, code 46 mm, in a font that is allowed."""
    settings = books(tmp_path, QR_IBAN)
    pdf = statement(settings, tmp_path, "C1")
    code_on(pdf)
    page = pdf.parent / f"{pdf.stem}-2.png"
    (code,) = zxingcpp.read_barcodes(Image.open(page))
    place, mm = code.position, 150 / 25.4
    corners = [(place.top_left.x, place.top_left.y), (place.bottom_right.x, place.bottom_right.y)]
    for found, wanted in zip(corners, ((67, 209), (113, 255)), strict=True):
        assert [value / mm for value in found] == pytest.approx(wanted, abs=0.6)
    words = subprocess.run(["pdftotext", "-bbox", "-f", "2", pdf, "-"], check=True,
                           capture_output=True).stdout.decode()  # fmt: skip
    for word, left, top in (("Empfangsschein", 5, 197), ("Zahlteil", 67, 197)):
        box = re.search(rf'xMin="([0-9.]+)" yMin="([0-9.]+)"[^>]*>{word}<', words)
        assert box
        found = [float(value) / 72 * 25.4 for value in box.groups()]
        assert found == pytest.approx([left, top], abs=1.5), word
    fonts = subprocess.run(["pdffonts", pdf], check=True, capture_output=True).stdout.decode()
    assert "LiberationSans-Bold" in fonts
