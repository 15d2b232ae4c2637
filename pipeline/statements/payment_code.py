"""What a payment part's QR code says, and the code itself.

Sources: Swiss Implementation Guidelines QR-bill 2.3 (structured addresses only), EPC069-12 version
002. Both at error correction M, in UTF-8.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import zxingcpp

from pipeline.domain import money
from pipeline.statements.payment_part import PaymentPart

_NAME, _STREET, _POSTCODE, _CITY = 70, 70, 16, 35
_MESSAGE = 140
_LATIN = (range(0x20, 0x7F), range(0xA0, 0x180), (0x218, 0x219, 0x21A, 0x21B, 0x20AC))
"""What a Swiss QR code may hold."""


def svg(text: str) -> str:
    """The QR code of ``text`` without a quiet zone."""
    kind = zxingcpp.BarcodeFormat.QRCode
    code = zxingcpp.create_barcode(text.encode(), kind, ec_level="M")  # bytes: UTF-8, no ECI
    return str(code.to_svg(add_quiet_zones=False))


def qr_bill(
    part: PaymentPart, company: Mapping[str, str], customer: Mapping[str, Any], message: str
) -> str:
    """The 31 fields of the Swiss QR code."""
    scheme = "QRR" if part.payment_reference.isdecimal() else "SCOR"
    rows = [
        "SPC", "0200", "1", part.account,
        *_address(company), *[""] * 7,
        money.text(part.amount, part.currency), part.currency,
        *(_address(customer) if is_addressed(customer) else [""] * 7),
        scheme, part.payment_reference, _latin(message)[:_MESSAGE], "EPD",
    ]  # fmt: skip
    return "\n".join(rows)


def epc(part: PaymentPart, name: str) -> str:
    """The fields of the EPC QR code up to the structured reference."""
    rows = ["BCD", "002", "1", "SCT", "", " ".join(name.split())[:_NAME], part.account,
            f"EUR{money.text(part.amount, 'EUR')}", "", part.payment_reference]  # fmt: skip
    return "\n".join(rows)


def is_addressed(party: Mapping[str, Any]) -> bool:
    """Whether a party has all that an address of a QR-bill must have."""
    return all(_latin(party.get(key) or "") for key in ("name", "postcode", "city", "country"))


def address_lines(party: Mapping[str, Any]) -> list[str]:
    """The address as it stands on the payment part."""
    kind, name, street, _, postcode, city, country = _address(party)
    place = f"{postcode} {city}" if country in ("CH", "LI") else f"{country}-{postcode} {city}"
    return [row for row in (name, street, place) if kind and row]


def _address(party: Mapping[str, Any]) -> Sequence[str]:
    """A structured address; the number of the house stands with the street, as it is loaded."""
    given = {key: _latin(str(party.get(key) or "")) for key in
             ("name", "address", "postcode", "city", "country")}  # fmt: skip
    return ["S", given["name"][:_NAME], given["address"][:_STREET], "",
            given["postcode"][:_POSTCODE], given["city"][:_CITY], given["country"]]  # fmt: skip


def _latin(text: str) -> str:
    """The text without what a Swiss QR code may not hold; line ends are fields there."""
    kept = (sign if any(ord(sign) in part for part in _LATIN) else " " for sign in text)
    return " ".join("".join(kept).split())
