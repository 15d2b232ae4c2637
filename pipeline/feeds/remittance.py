"""Field :86: in its dialects: German ?nn, slash codes, other separators, labels, free text.

One verb, ``read``: what the field says by the names of ``frames.FEED_LINES``. Sources: SWIFT field
86; DFÜ agreement annex 3 (German ?nn); SEPA codewords; Dutch and Swiss /CODE/ layouts.
"""

import re

from pipeline.domain.money import exponent, minor
from pipeline.feeds import remittance_coded, remittance_labelled, remittance_slash
from pipeline.feeds.references import payment_reference

Fields = dict[str, str | int]

_MONEY = re.compile(
    r"([A-Z]{3}) ?([0-9]{1,15}[.,][0-9]{0,3})|([0-9]{1,15}[.,][0-9]{0,3}) ?([A-Z]{3})"
)
_PLAIN_MONEY = re.compile(r"\s*([0-9]{1,15},[0-9]{0,2})\s*")
_STATED = re.compile(r"/(CHGS|OCMT)/([^/\n]{1,40})")
_BRITISH = re.compile(
    r"(?P<name>[^\n]{22})(?:BGC|BP |CHQ|CPT|DD |DEB|DEP|FPI|FPO|MPI|MPO|PAY|SO |TFR)", re.ASCII
)
_IDENTIFIERS = ("end_to_end_id", "mandate_id")
_NOT_PROVIDED = {"NOTPROVIDED", "NONREF", "NOTPROVIDED+", "NOT PROVIDED"}


def read(raw: str) -> Fields:
    """What field :86: says; ``raw`` keeps its line ends."""
    found = (
        remittance_coded.read(raw) or remittance_slash.read(raw) or remittance_labelled.read(raw)
    )
    text = _plain(found.pop("text", "") if found else remittance_labelled.unwrapped(raw))
    if not found:
        return {"text": text, "payment_reference": payment_reference(text)}
    fields: Fields = {
        "text": text,
        "payment_reference": payment_reference(found.pop("reference_text", "") or text),
    }
    for name, target in (("charges", "charges"), ("original", "original_amount")):
        if amount := found.pop(name, ""):
            _money(fields, target, amount)
    for name, value in found.items():
        if name == "counterparty_name":
            fields[name] = _plain(value)
        elif name in _IDENTIFIERS and value.replace(" ", "").upper() in _NOT_PROVIDED:
            fields[name] = ""
        else:
            fields[name] = value.replace(" ", "")
    return fields


def stated(text: str) -> Fields:
    """What the supplementary line of field :61: says: charges, original amount, a British name.

    /CHGS/ and /OCMT/ give amounts; British banks give 22 columns of name and a type of payment.
    """
    fields: Fields = {}
    british = _BRITISH.fullmatch(text)
    if british:
        fields["counterparty_name"] = _plain(british["name"])
    for code, amount in _STATED.findall(text):
        _money(fields, "charges" if code == "CHGS" else "original_amount", amount)
    return fields


def _plain(text: str) -> str:
    return " ".join(text.split())


def _money(fields: Fields, name: str, text: str) -> None:
    if not text:
        return
    match = _MONEY.search(text.replace("/", " "))
    plain = _PLAIN_MONEY.fullmatch(text)
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
