"""Who paid where only the text says it: whole names and IBANs on file, never a word or two."""

import pytest

from tests.matching.test_never_guess import answers
from tests.matching.worlds import Row, entry, line, party

SCHWARZE = party("C1", "DE89370400440532013000", name="Schwarze Consulting GmbH")


def best(text: str, *parties: Row) -> Row:
    """The answer for 10.00 with this text and no stated payer; C1 has the only entry."""
    return answers([line(1, 1000, text=text)], [entry(1, 1000)], parties=list(parties))[1]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("UEBERWEISUNG SCHWARZE CONSULTING GMBH Kundenreferenz 253", "Schwarze Consulting GmbH"),
        ("Giro Müller & Söhne Bau AG Zürich", "Mueller & Soehne Bau AG"),
        ("deposit Kilimandscharo Reisen thank you", "Kilimandscharo Reisen GmbH"),
    ],
)
def test_a_whole_name_in_the_text_tells_the_payer(text: str, name: str) -> None:
    found = best(text, party("C1", name=name))
    assert (found["rule"], found["confidence"]) == ("party_exact", "high")


@pytest.mark.parametrize("iban", ["DE89370400440532013000", "DE89 3704 0044 0532 0130 00"])
def test_an_iban_on_file_in_the_text_tells_the_payer(iban: str) -> None:
    assert best(f"von Konto {iban} Danke", SCHWARZE)["rows"] == [("entry", 1, 1000)]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Zahlung Sommer", "Sommer"),
        ("Bau Service im Juni", "Bau Service GmbH"),
        ("Schwarze Consulting AG", "Schwarze Consulting GmbH"),
        ("Schwarze Schuhe, Consulting GmbH", "Schwarze Consulting GmbH"),
        ("Kilimandscharoreisen", "Kilimandscharo Reisen GmbH"),
    ],
)
def test_a_piece_of_a_name_tells_nobody(text: str, name: str) -> None:
    assert best(text, party("C1", name=name))["confidence"] == "none"


def test_two_names_are_a_question_and_the_longer_of_two_counts() -> None:
    other = party("C2", name="Weiss Treuhand AG")
    both = best("Schwarze Consulting GmbH fuer Weiss Treuhand AG", SCHWARZE, other)
    assert both["confidence"] == "low"
    short = party("C3", name="Consulting Nord GmbH")
    longer = party("C1", name="Schwarze Consulting Nord GmbH")
    assert best("Schwarze Consulting Nord GmbH", longer, short)["party_no"] == "C1"


def test_a_name_that_the_bank_states_is_not_sought_in_the_text() -> None:
    paid = line(1, 1000, counterparty_name="Wer Auch Immer", text="Schwarze Consulting GmbH")
    found = answers([paid], [entry(1, 1000)], parties=[SCHWARZE])[1]
    assert found["confidence"] == "none"


def test_the_name_in_the_text_confirms_the_part_of_a_named_invoice() -> None:
    parts = [line(1, 400, text="Anzahlung RE100001 Schwarze Consulting GmbH")]
    found = answers(parts, [entry(1, 1000)], parties=[SCHWARZE])[1]
    assert (found["rule"], found["confidence"]) == ("document_part_payment", "high")
