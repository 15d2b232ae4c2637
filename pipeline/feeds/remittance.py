"""Field :86: in its dialects: German ?nn, slash codes, other separators, free text.

Source: SWIFT field 86; DFÜ agreement annex 3 (German ?nn); SEPA codewords; Dutch /CODE/ layouts.
"""

import re

from pipeline.domain.money import exponent, minor
from pipeline.feeds.references import payment_reference

Fields = dict[str, str | int]

_GERMAN = re.compile(r"^([0-9]{3})\s?([?<>+~])(?=[0-9]{2})")
_CODEWORDS = "EREF|KREF|MREF|CRED|DEBT|SVWZ|ABWA|ABWE|COAM|OAMT|PURP"
_CODEWORD = re.compile(rf"({_CODEWORDS})\+\s?|(?:(?<=^)|(?<=\W))({_CODEWORDS})\s?:\s?")
_SLASH = re.compile(
    r"/(EREF|KREF|MARF|MREF|CSID|CRED|NAME|REMI|CNTP|BENM|ORDP|IBAN|BIC|TRCD|CHGS|OCMT|RTRN|PREF"
    r"|ADDR|PURP|ULTD|ULTC|ID|USTD|STRD|ACCW|INIT|EXCH|FULL|TRTP|ORDE|UDTR|UCRD|PERS|SVCL|OM1T)(?=/)"
)
_MONEY = re.compile(
    r"([A-Z]{3})\s?([0-9]{1,15}[.,][0-9]{0,3})|([0-9]{1,15}[.,][0-9]{0,3})\s?([A-Z]{3})"
)
_NOT_PROVIDED = {"NOTPROVIDED", "NONREF", "NOTPROVIDED+"}
_BLANKS = re.compile(r"\s+")


def read(raw: str) -> Fields:
    """What field :86: says, by the names of ``frames.FEED_LINES``; ``raw`` keeps its line ends."""
    joined = raw.replace("\n", "")
    german = _GERMAN.match(joined)
    if german:
        fields = _german(joined, german[1], german[2])
    elif _SLASH.search(joined):
        fields = _slash(joined)
    else:
        fields = {"text": _plain(raw.replace("\n", " "))}
    structured = f"{fields.get('reference_text', '')} {fields.get('text', '')}"
    fields.pop("reference_text", None)
    fields["payment_reference"] = payment_reference(structured.strip())
    account = str(fields.get("counterparty_account", "")).replace(" ", "")
    fields["counterparty_account"] = account
    for name in ("end_to_end_id", "mandate_id"):
        if str(fields.get(name, "")).upper() in _NOT_PROVIDED:
            fields[name] = ""
    return fields


def _plain(text: str) -> str:
    return _BLANKS.sub(" ", text).strip()


def _german(joined: str, code: str, separator: str) -> Fields:
    pieces: dict[int, list[str]] = {}
    last = -1
    for part in joined[3:].lstrip().split(separator)[1:]:
        if re.match(r"[0-9]{2}", part) and _is_field(int(part[:2]), last):
            last = int(part[:2])
            pieces.setdefault(last, []).append(part[2:])
        elif last >= 0:  # a separator inside the text starts no field
            pieces[last][-1] += separator + part
    body = [text for no in (*range(20, 30), *range(60, 64)) for text in pieces.get(no, [])]
    fields = _codewords("".join(_glued(body)))
    name = _plain("".join(_glued([t for no in (32, 33) for t in pieces.get(no, [])])))
    account = "".join(pieces.get(31, []))
    fields["business_code"] = code
    fields.setdefault("counterparty_name", name)
    if not fields["counterparty_name"]:
        fields["counterparty_name"] = name
    if account:
        fields["counterparty_account"] = account
    return fields


def _is_field(number: int, last: int) -> bool:
    known = number in (0, 10, 34) or 20 <= number <= 38 or 60 <= number <= 71 or number == 96
    return known and (number >= last or number in (0, 34))


def _glued(pieces: list[str]) -> list[str]:
    """Pieces of 27 characters are wrapped text and join as they are; shorter ones were lines."""
    return [piece if len(piece) >= 27 else piece + " " for piece in pieces]


def _codewords(text: str) -> Fields:
    parts = _CODEWORD.split(text)
    found = {parts[i] or parts[i + 1]: parts[i + 2].strip() for i in range(1, len(parts) - 2, 3)}
    if not found:
        return {"text": _plain(text)}
    fields: Fields = {
        "text": _plain(f"{parts[0]} {found.get('SVWZ', '')}"),
        "end_to_end_id": found.get("EREF", "").replace(" ", ""),
        "mandate_id": found.get("MREF", "").replace(" ", ""),
        "creditor_id": found.get("CRED", "").replace(" ", ""),
        "counterparty_name": "",
    }
    if found.get("ABWA"):
        fields["ultimate_name"] = _plain(found["ABWA"])
    _money(fields, "charges", found.get("COAM", ""))
    _money(fields, "original_amount", found.get("OAMT", ""))
    fields.pop("ultimate_name", None)
    return fields


def _slash(joined: str) -> Fields:
    parts = _SLASH.split(joined)
    found: dict[str, str] = {}
    for index in range(1, len(parts) - 1, 2):
        found.setdefault(parts[index], parts[index + 1].lstrip("/").rstrip("/ "))
    account, name = _counterparty(found)
    remittance = found.get("REMI", found.get("USTD", ""))
    remittance = re.sub(r"^(USTD|STRD)/+", "", remittance).strip("/")
    fields: Fields = {
        "text": _plain(remittance or parts[0].strip("/ ")),
        "reference_text": _plain(found.get("STRD", "") + " " + remittance.replace("/", " ")),
        "counterparty_name": _plain(name),
        "counterparty_account": account,
        "end_to_end_id": found.get("EREF", "").strip(),
        "mandate_id": found.get("MARF", found.get("MREF", "")).strip(),
        "creditor_id": found.get("CSID", found.get("CRED", "")).strip(),
    }
    _money(fields, "charges", found.get("CHGS", ""))
    _money(fields, "original_amount", found.get("OCMT", ""))
    return fields


def _counterparty(found: dict[str, str]) -> tuple[str, str]:
    account, name = found.get("IBAN", ""), found.get("NAME", "")
    if "CNTP" in found:  # /CNTP/account/bic/name/city
        cells = [*found["CNTP"].split("/"), "", "", ""]
        account, name = account or cells[0], name or cells[2]
    if not name:
        name = found.get("ORDP", found.get("BENM", "")).strip("/")
    return account.strip("/ ").split("/")[0], name


def _money(fields: Fields, name: str, text: str) -> None:
    match = _MONEY.search(text.replace("/", " "))
    plain = re.fullmatch(r"\s*([0-9]{1,15},[0-9]{0,2})\s*", text)
    if match:
        currency, amount = match[1] or match[4], match[2] or match[3]
    elif plain:
        currency, amount = "", plain[1]
    else:
        return
    try:
        exponent(currency or "EUR")
        fields[name] = minor(amount, currency or "EUR")
    except ValueError:
        return
    if name == "original_amount":
        fields["original_currency"] = currency
