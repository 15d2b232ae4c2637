"""An address stands in the window of the envelope as the post of its country takes it."""

import pytest

from pipeline.statements.address import lines
from pipeline.statements.compose import compose
from pipeline.statements.form import Form
from tests.statements.test_styles import DAY


def written(country: str, home: str, language: str, postcode: str, city: str) -> list[str]:
    customer = {"no": "1", "name": "Nord", "name_2": "", "address": "Gasse 1", "country": country,
                "postcode": postcode, "city": city, "language": language}  # fmt: skip
    page = compose(customer, (), (), DAY, Form(), "", "")
    return lines(page, home)[2:]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (("DE", "DE", "de", "28195", "Bremen"), ["28195 Bremen"]),
        (("", "DE", "de", "28195", "Bremen"), ["28195 Bremen"]),
        (("FR", "DE", "fr", "75001", "Paris"), ["75001 Paris", "FRANKREICH"]),
        (("DE", "CH", "de", "28195", "Bremen"), ["28195 Bremen", "DEUTSCHLAND"]),
        (("DE", "CH", "fr-CH", "28195", "Bremen"), ["28195 Bremen", "ALLEMAGNE"]),
        (("DE", "CH", "nl", "28195", "Bremen"), ["28195 Bremen", "DEUTSCHLAND"]),
        (("DE", "", "it", "28195", "Bremen"), ["28195 Bremen", "GERMANIA"]),
        (("GB", "GB", "en", "SW1A 1AA", "London"), ["London", "SW1A 1AA"]),
        (("GB", "FR", "en", "SW1A 1AA", "London"), ["London", "SW1A 1AA", "ROYAUME-UNI"]),
        (("US", "US", "en", "10001", "New York NY"), ["New York NY 10001"]),
        (("CA", "US", "fr-CA", "H2X 1Y4", "Montréal QC"), ["Montréal QC H2X 1Y4", "CANADA"]),
        (("NL", "NL", "nl", "1012 AB", "Amsterdam"), ["1012 AB Amsterdam"]),
        (("GB", "GB", "en", "", "London"), ["London"]),
        (("DE", "DE", "de", "28195", ""), ["28195"]),
    ],
)
def test_of_the_country_or_to_another_one(
    said: tuple[str, str, str, str, str], expected: list[str]
) -> None:
    assert written(*said) == expected
