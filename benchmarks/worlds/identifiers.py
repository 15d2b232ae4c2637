"""Account numbers and creditor references with right check digits, by the published standards."""

from benchmarks.worlds.chance import Chance

_IBANS = {  # country -> digits or letters after the check digits
    "DE": "n18", "CH": "n17", "FR": "n23", "NL": "a4n10", "NO": "n11", "GB": "a4n14", "AT": "n16",
    "BE": "n12",
}  # fmt: skip
_DUTCH = ("INGB", "ABNA", "RABO", "SNSB", "KNAB", "BUNQ")
_BRITISH = ("NWBK", "BARC", "LOYD", "HBUK", "MIDL")
_DE_BANKS = ("37050198", "50040000", "10070000", "70150000", "20050550", "76050101", "43060967")
_TABLE_10 = (0, 9, 4, 6, 8, 2, 7, 1, 3, 5)


def iban(country: str, chance: Chance) -> str:
    """An IBAN of the country (ISO 13616); account numbers are random, bank codes real in form."""
    if country == "DE":
        rest = chance.pick(_DE_BANKS) + chance.digits(10)
    elif country == "NL":
        rest = chance.pick(_DUTCH) + "0" + chance.digits(9)
    elif country == "GB":
        rest = chance.pick(_BRITISH) + chance.digits(14)
    elif country == "NO":
        rest = _mod11_account(chance)
    elif country == "FR":
        rest = _rib(chance)
    elif country == "BE":
        body = chance.digits(10)
        rest = f"{body}{int(body) % 97 or 97:02}"
    else:
        rest = chance.digits(int(_IBANS[country][1:]))
    return f"{country}{98 - _mod97(rest + country + '00'):02}{rest}"


def _rib(chance: Chance) -> str:
    bank, branch, account = chance.digits(5), chance.digits(5), chance.digits(11)
    key = 97 - (89 * int(bank) + 15 * int(branch) + 3 * int(account)) % 97
    return f"{bank}{branch}{account}{key:02}"


def _mod11_account(chance: Chance) -> str:
    while True:
        body = chance.digits(10)
        check = mod11(body)
        if check is not None:
            return f"{body}{check}"


def mod11(body: str) -> int | None:
    """Norwegian weights 2 to 7 from the right; none where the check would be ten."""
    total = sum(int(digit) * (2 + place % 6) for place, digit in enumerate(reversed(body)))
    check = -total % 11
    return None if check == 10 else check


def _mod97(text: str) -> int:
    return int("".join(str(int(character, 36)) for character in text)) % 97


def luhn(body: str) -> str:
    """The body with its mod 10 check digit."""
    total = 0
    for place, digit in enumerate(reversed(body)):
        doubled = int(digit) * (2 if place % 2 == 0 else 1)
        total += doubled - 9 if doubled > 9 else doubled
    return f"{body}{-total % 10}"


def reference(kind: str, digits: str, party: str) -> str:
    """The creditor reference that a company prints for a document with these digits."""
    if kind == "rf":
        return f"RF{98 - _mod97(digits + 'RF00'):02}{digits}"
    if kind == "qrr":
        body = f"{party.zfill(10)}{digits.zfill(16)}"[-26:]
        carry = 0
        for digit in body:
            carry = _TABLE_10[(carry + int(digit)) % 10]
        return f"{body}{(10 - carry) % 10}"
    if kind == "kid":
        return luhn(f"{party}{digits.zfill(8)}")
    if kind == "acceptgiro":
        body = f"{party}{digits}"[-15:].zfill(15)
        weights = (2, 4, 8, 5, 10, 9, 7, 3, 6, 1)
        total = sum(int(d) * weights[p % 10] for p, d in enumerate(reversed(body)))
        check = 11 - total % 11
        return f"{ {10: 1, 11: 0}.get(check, check) }{body}"
    raise ValueError(f"reference {kind!r}, expected rf, qrr, kid or acceptgiro")


def grouped(kind: str, text: str) -> str:
    """The reference in the groups that are printed on a bill."""
    if kind == "qrr":
        return f"{text[:2]} " + " ".join(text[i : i + 5] for i in range(2, len(text), 5))
    return " ".join(text[i : i + 4] for i in range(0, len(text), 4))
