"""Money as whole minor units of an ISO 4217 currency; read exactly or refused.

Source of the exponents: ISO 4217, table A.1. No float comes near an amount.
"""

import re
from decimal import Decimal

LIMIT = 9_000_000_000_000_000
"""Largest magnitude of an amount in minor units."""

_NO_DECIMALS = "BIF CLP DJF GNF ISK ITL JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
_THREE_DECIMALS = "BHD IQD JOD KWD LYD OMR TND"
_FOUR_DECIMALS = "CLF UYW"
_TWO_DECIMALS = """
    AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN
    BZD CAD CDF CHE CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL
    GHS GIP GMD GTQ GYD HKD HNL HRK HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR
    LRD LSL LTL LVL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR
    NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC
    SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XCD YER ZAR ZMW ZWG
    ATS BEF CYP DEM EEK ESB FIM FRF GRD IEP LUF MTL NLG PTE SIT SKK
"""  # the last row: national currencies that the euro replaced
_EXPONENT = {
    code: places
    for places, codes in (
        (0, _NO_DECIMALS),
        (2, _TWO_DECIMALS),
        (3, _THREE_DECIMALS),
        (4, _FOUR_DECIMALS),
    )
    for code in codes.split()
}
_AMOUNT = re.compile(r"([+-]?)([0-9]{1,16})(?:[.,]([0-9]*))?", re.ASCII)


def exponent(currency: str) -> int:
    """Digits after the decimal mark of ``currency``; ValueError where ISO 4217 has none.

    >>> exponent("JPY"), exponent("EUR"), exponent("KWD")
    (0, 2, 3)
    """
    if currency in _EXPONENT:
        return _EXPONENT[currency]
    raise ValueError(f"unknown currency {currency!r}")


def minor(text: str, currency: str) -> int:
    """Minor units of an amount written with ``.`` or ``,``; ValueError unless exact.

    >>> minor("1234,5", "EUR"), minor("-7.0", "JPY")
    (123450, -7)
    """
    found = _AMOUNT.fullmatch(text.strip(" "))
    if not found:
        raise ValueError(f"{text!r} is no amount")
    sign, whole, fraction = found[1], found[2], found[3] or ""
    places = exponent(currency)
    if fraction[places:].strip("0"):
        raise ValueError(f"{text!r} has more than {places} decimals for {currency}")
    value = int(whole + fraction[:places].ljust(places, "0"))
    if value > LIMIT:
        raise ValueError(f"{text!r} is beyond the largest amount")
    return -value if sign == "-" else value


def text(amount: int, currency: str) -> str:
    """The decimal text of minor units, with ``.`` and all digits of the currency.

    >>> text(-5, "EUR"), text(1000, "JPY")
    ('-0.05', '1000')
    """
    return f"{Decimal(amount).scaleb(-exponent(currency)):f}"
