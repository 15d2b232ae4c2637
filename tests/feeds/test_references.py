"""References and :86: dialects: taken with right check digits and enough context only."""

import pytest

from pipeline.feeds import remittance
from pipeline.feeds.references import payment_reference


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        ("Rechnung RF18 5390 0754 7034 danke", "RF18539007547034"),
        ("RF18539007547034", "RF18539007547034"),
        ("RF18539007 547034", "RF18539007547034"),
        ("+++090/9337/55493+++", "090933755493"),
        ("21 00000 00003 13947 14300 09017", "210000000003139471430009017"),
        ("Faktura KID 00001234566 takk", "00001234566"),
        ("KID: 12345674", "12345674"),
        ("VIITE 12345 61", "1234561"),
        ("Viitenro: 1234561", "1234561"),
        ("OCR 00001234566", "00001234566"),
        ("SI12 1234567890120", "SI121234567890120"),
    ],
)
def test_a_reference_with_right_check_digits(text: str, reference: str) -> None:
    assert payment_reference(text) == reference


@pytest.mark.parametrize(
    "text",
    [
        "RF19 5390 0754 7034",
        "+++090/9337/55494+++",
        "KID 00001234567",
        "00001234566",
        "VIITE 1234562",
        "1234561",
        "OCR 00001234567",
        "RF18539007547034 and KID 00001234566",
        "",
    ],
)
def test_what_is_not_certain_is_none(text: str) -> None:
    assert payment_reference(text) == ""


def test_a_reference_split_by_a_line_wrap() -> None:
    assert remittance.read("INVOICE RF1853900\n7547034")["payment_reference"] == "RF18539007547034"
    german = "166?00GUT?20SVWZ+Ref 123 RF1853900754?217034"
    assert remittance.read(german)["payment_reference"] == "RF18539007547034"


@pytest.mark.parametrize(
    "raw",
    [
        "166?00GUT?20EREF+E1?21SVWZ+Rechnung 7?31DE16370501980000001000?32Max?33Meier",
        "166<00GUT<20EREF+E1<21SVWZ+Rechnung 7<31DE16370501980000001000<32Max<33Meier",
        "166>00GUT>20EREF+E1>21SVWZ+Rechnung 7>31DE16370501980000001000>32Max>33Meier",
        "/EREF/E1/CNTP/DE16370501980000001000/COLSDE33/Max Meier/Koeln/REMI/Rechnung 7/",
        "/IBAN/DE16370501980000001000/NAME/Max Meier/EREF/E1/REMI/USTD//Rechnung 7",
    ],
)
def test_each_dialect_gives_the_same_facts(raw: str) -> None:
    fields = remittance.read(raw)
    assert fields["counterparty_name"] == "Max Meier"
    assert fields["counterparty_account"] == "DE16370501980000001000"
    assert fields["end_to_end_id"] == "E1"
    assert fields["text"] == "Rechnung 7"


def test_charges_and_original_amount_are_magnitudes() -> None:
    fields = remittance.read("/OCMT/USD1000,00/CHGS/EUR12,00/REMI/INVOICE 9")
    assert (fields["original_amount"], fields["original_currency"]) == (100_000, "USD")
    assert fields["charges"] == 1200
    assert remittance.stated("/OCMT/CHF5,00//CHGS/CHF1,00/")["charges"] == 100


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("GUTSCHRIFT AUFTRAGGEBER: MEIER BAU AG BAHNHOFSTRASSE 6 7000 CHUR MITTEILUNGEN: 7",
         "MEIER BAU AG"),
        ("GIRO POST BEGUENSTIGTER: JANE DOE RUE DU LAC 10 1204 GENEVE MITTEILUNGEN: 7", "JANE DOE"),
        ("GUTSCHRIFT AUFTRAGGEBER: MEIER BAU AG REFERENZNUMMER: 00 00132 73500", "MEIER BAU AG"),
        ("FRA: BERG & SØNN AS\nBETALT: 02.11.26\nFAKTURA 7", "BERG & SØNN AS"),
        ("VIR RECU\nDE: SARL DUPONT\nMOTIF: FACTURE 7", "SARL DUPONT"),
        ("DE: SARL DUPONT\nPOUR: SARL MARTIN", ""),
        ("VON: 01.10.2026 BIS 31.10.2026", ""),
        ("Rechnung an: Max Meier", ""),
    ],
)  # fmt: skip
def test_a_label_says_who_paid(raw: str, name: str) -> None:
    fields = remittance.read(raw)
    assert fields.get("counterparty_name", "") == name
    assert fields["text"] == " ".join(raw.split())


def test_an_iban_behind_the_label_is_the_payers_account() -> None:
    fields = remittance.read("ABSENDER: MEIER BAU AG CH9300762011623852957 MITTEILUNGEN: 7")
    assert fields["counterparty_name"] == "MEIER BAU AG"
    assert fields["counterparty_account"] == "CH9300762011623852957"


def test_a_row_that_fills_its_columns_goes_on_in_the_next_one() -> None:
    row = "VIR RECU DE LA PART DE NOTRE CLIENT, FACTURES FA2026273008 / FA20"
    assert remittance.read(row + "\n26271014")["text"] == row + "26271014"
    assert remittance.read("FACTURES FA20\n26271014")["text"] == "FACTURES FA20 26271014"


def test_a_structured_reference_of_a_dutch_bank_stands_in_the_text() -> None:
    fields = remittance.read("/NAME/De Boer BV/REMI/STRD/CUR/1234567890123456/")
    assert fields["text"] == "1234567890123456"
    assert remittance.read("/REMI/STRD/ISO/RF18539007547034")["text"] == "RF18539007547034"
