"""Names that banks cut, payers shorten and people write with another legal form."""

import pytest

from tests.matching.test_never_guess import answers
from tests.matching.worlds import Row, entry, line, party

GLENSUN = party("C1", name="Glensun Medical LLC")


def confidence(written: str, *parties: Row) -> str:
    """How sure a payment without text from this name is of the first party's only entry."""
    paid = line(1, 1000, counterparty_name=written, text="Payment")
    best = answers([paid], [entry(1, 1000)], parties=list(parties))[1]
    assert best["confidence"] == "none" or best["party_no"] == "C1"
    return str(best["confidence"])


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("MALBUR SCAFFOLDING LIM", "Malbur Scaffolding Limited"),
        ("MALBUR SCAFFOLD", "Malbur Scaffolding Limited"),
        ("CROLEIMALASH BUILDING", "Croleimalash Building & Sons Ltd"),
        ("WINNORCRO GLAZING LTD", "Winnorcro Glazing Limited"),
        ("MOEDEOLSTECK GARTENBAUUG", "Mödeolsteck Gartenbau UG"),
        ("GLENSUN MED LLC", "Glensun Medical LLC"),
        ("Kamdordal Met.bau GmbH", "Kamdordal Metallbau GmbH"),
        ("OAKRIVERTON SVCS INC.", "Oakriverton Services Incorporated"),
    ],
)
def test_a_name_cut_shortened_or_of_another_form(written: str, name: str) -> None:
    assert confidence(written, party("C1", name=name)) == "high"


def test_a_cut_name_that_two_parties_begin_with_is_a_question() -> None:
    holding = party("C2", name="Croburwinhar Property Holding LLP")
    assert confidence("CROBURWINHAR PROPERTY", party("C1", name="Croburwinhar Property LLP"),
                      holding) == "low"  # fmt: skip


def test_a_shortened_name_beside_a_double_is_a_question() -> None:
    assert (
        confidence("GLENSUN MED LLC", GLENSUN, party("C2", name="Glensand Medical LLC")) != "high"
    )


@pytest.mark.parametrize(
    "written", ["GLENSUN MD INC", "GLENSUN DENTAL LLC", "GLENSUN M LLC", "SUN MED LLC"]
)
def test_another_form_word_or_letter_is_no_short_name(written: str) -> None:
    assert confidence(written, GLENSUN) != "high"


def test_the_spelling_of_the_form_tells_two_parties_apart() -> None:
    other = party("C2", name="Walber Cleaning Limited")
    assert (
        confidence("WALBER CLEANING LTD", party("C1", name="Walber Cleaning Ltd"), other) == "high"
    )


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Aplin Uhren Genossenschat", "Aplin Uhren Genossenschaft"),
        ("Aplin Uhren Genossenschha", "Aplin Uhren Genossenschaft"),
        ("WESALDLNA PROPERTY LIM", "Wesaldlan Property Limited"),
        ("CORBERGLOS TEXTILES LI", "Croberglos Textiles Limited"),
        ("STONERIVER LANDDSCAPING INC", "Stoneriver Landscaping Inc"),  # a form as it stands
        ("Corrockooak Medical Co", "Corrockoak Medical Co"),
        ("CROEL DAIIES LTD", "Croel Dairies Ltd"),  # a slip, and no short form
        ("SALTAM ELECT & SONS LT", "Saltam Electrical & Sons Ltd"),  # shortened, and its form cut
        ("BRANCROSTAN JOINERY LT", "Brancrostan Joinery Limited"),
        ("Damdorbreroe Grh V.O.F.", "Damdorbreroe Groothandel V.O.F."),
    ],
)
def test_a_damaged_name_or_legal_form_is_read_as_what_it_is(written: str, name: str) -> None:
    assert confidence(written, party("C1", name=name)) == "high"


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("LEIBECRROEL GLAZING &", "Leibercroel Glazing & Sons Ltd"),  # cut and damaged
        ("ALDLANSUTEI SCAFFOLDIN", "Aldlansutlei Scaffolding & Sons Ltd"),
        ("MASCHINENBAU GMBH ULHOFHELT", "Ulhofheltal Maschinenbau GmbH"),  # turned and cut
        ("BOKER EL. GMBH", "Boker Elektro GmbH"),  # too short to be sure
    ],
)
def test_a_name_that_may_be_another_is_a_question_with_an_answer(written: str, name: str) -> None:
    assert confidence(written, party("C1", name=name)) == "medium"


def test_a_damaged_name_beside_a_double_is_a_question() -> None:
    meant = party("C1", name="Venmerleyroe Zorg N.V.")
    assert confidence("Venmerleeyroe Zorg N.V.", meant) == "high"
    for double in ("Venserleyroe Zorg N.V.", "Wenmerleyroe Zorg B.V."):
        assert confidence("Venmerleeyroe Zorg N.V.", meant, party("C2", name=double)) == "medium"


@pytest.mark.parametrize("double", ["Tenzel Bau GmbH", "Senzal Bau GmbH"])
def test_a_short_damaged_name_has_doubles_that_start_or_end_as_it_does(double: str) -> None:
    meant = party("C1", name="Senzel Bau GmbH")
    assert confidence("Senzell Bau GmbH", meant) == "high"
    assert confidence("Senzell Bau GmbH", meant, party("C2", name=double)) == "medium"


def test_a_damaged_name_within_a_longer_one_is_a_question() -> None:
    meant = party("C1", name="Brookgreenglengreen Industries LLP")
    longer = party("C2", name="Brookgreenglengreen Industries Holding LLP")
    assert confidence("BROOKGREENNGLENGREEN INDUSTRIES", meant) == "high"
    assert confidence("BROOKGREENNGLENGREEN INDUSTRIES", meant, longer) == "medium"


def test_a_damaged_name_far_from_every_other_one_is_sure() -> None:
    meant, other = party("C1", name="Senzel Logistik AG"), party("C2", name="Sental Logistik AG")
    assert confidence("Senzel Loistik AG", meant, other) == "high"
    assert confidence("Sentel Logistik AG", meant, other) == "low"  # half way between them


def test_a_cut_name_of_a_customer_and_of_another_vendor_is_a_question() -> None:
    meant = party("C1", name="Winbrantamchel Catering & Sons Ltd")
    service = party("V1", party_type="vendor", name="Winbrantamchel Catering Service Ltd")
    same = party("V2", party_type="vendor", name="Winbrantamchel Catering & Sons Limited")
    assert confidence("WINBRANTAMCHEL CATERIN", meant) == "high"
    assert confidence("WINBRANTAMCHEL CATERIN", meant, service) == "medium"
    assert confidence("WINBRANTAMCHEL CATERIN", meant, same) == "high"  # one firm, both ways
    other = party("V1", party_type="vendor", name="Nordlicht Bau AG")
    assert confidence("NORDLICHT BAU", party("C1", name="Nordlicht Bau GmbH"), other) == "medium"


def test_a_shortened_name_within_a_longer_one_is_a_question() -> None:
    longer = party("C2", name="Riverfairmar Services Group Inc.")
    short = party("C1", name="Riverfairmar Services Inc.")
    assert confidence("RIVERFAIRMAR SVCS INC.", short) == "high"
    assert confidence("RIVERFAIRMAR SVCS INC.", short, longer) == "medium"


def test_a_number_in_the_text_tells_two_names_apart() -> None:
    both = [party("C1982", name="Chelfordradstan Motors Limited"),
            party("C1183", name="Chelfordradstan Motors Group Limited")]  # fmt: skip
    paid = line(1, 1000, counterparty_name="CHELFORDRADSTAN MOTORS", text="Account C1982")
    best = answers([paid], [entry(1, 1000, "C1982")], parties=both)[1]
    assert (best["confidence"], best["party_no"]) == ("high", "C1982")


def test_a_cut_name_that_equals_an_alias_may_be_a_longer_one() -> None:
    alias = party("C1", name="Ridgeriverfield Construction LLC")
    alias["aliases"] = ["Ridgeriverfieldton Construction"]
    twin = party("C2", name="Ridgeriverfieldton Construction LLC")
    assert confidence("RIDGERIVERFIELDTON CONSTRUCTION", alias, twin) == "low"


def test_a_damaged_name_that_was_cut_too_is_a_question() -> None:
    known = party("C1", name="Oxlanpemshire Plumbing Ltd")
    assert confidence("OXLAANPEMSHIRE PLUMBIN", known) == "medium"
    assert confidence("OXLAANPEMSHIRE PLUMBING LTD", known) == "high"
