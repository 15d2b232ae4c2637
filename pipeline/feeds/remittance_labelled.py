"""Field :86: as text for people that labels who paid: ``AUFTRAGGEBER: name MITTEILUNGEN: text``.

PostFinance writes its labels into running text, Nordic and French banks one to a row (``FRA:``,
``DE:``). The text stays whole; only the other party's name and IBAN are taken from it.
"""

import re

from pipeline.feeds.references import is_iban

Texts = dict[str, str]

_WIDTH = 65
_TAG = len(":86:")
_RUNNING = (
    "AUFTRAGGEBER|ABSENDER|BEG(?:UE|Ü)NSTIGTER|EMPF(?:AE|Ä)NGER|DONNEUR D'ORDRE|EXP(?:E|É)DITEUR"
    "|B(?:E|É)N(?:E|É)FICIAIRE|ORDINANTE|MITTENTE|BENEFICIARIO"
)
_OF_A_ROW = "FRA|TIL|AVSENDER|MOTTAKER|DE|POUR|VON|VAN|NAAR|FROM|TO"
_PARTY = re.compile(
    rf"(?:(?:^|(?<=\s))(?:{_RUNNING})|^(?:{_OF_A_ROW})) ?: *(?P<who>\S[^\n]*)",
    re.IGNORECASE | re.MULTILINE,
)
_NEXT_LABEL = re.compile(r"\s(?:[^\W\d_]{4,}|REF\.?) ?:(?=\s|$)|\sREF\. ", re.IGNORECASE)
_ACCOUNT = re.compile(r"\b[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}\b")
_WORD = re.compile(r"[^\W\d_]{2}")
_DATE = re.compile(r"[0-9]{1,4}[./-][0-9]{1,2}")
_STREET = re.compile(
    r"^(?P<name>\S.*?) (?:\S*(?:STRASSE|STRAßE|STR\.?|GASSE|WEG|PLATZ|ALLEE|RING|GATE|GATA|VEI)"
    r"|(?:RUE|AVENUE|CHEMIN|ROUTE|PLACE|QUAI|VIA|VIALE|PIAZZA) .*?)"
    r" [0-9]+ ?[A-Z]?,? [0-9]{4,5} \D",
    re.IGNORECASE,
)


def read(raw: str) -> Texts | None:
    """Name and account of the other party where one label gives them, or None."""
    if ":" not in raw:
        return None
    text = unwrapped(raw)
    labels = list(_PARTY.finditer(text))
    if len(labels) != 1:
        return None
    who = _NEXT_LABEL.split(labels[0]["who"], maxsplit=1)[0]
    accounts = [word for word in _ACCOUNT.findall(who) if is_iban(word)]
    account = accounts[0] if len(accounts) == 1 else ""
    name = " ".join(who.replace(account, " ").split()) if account else who
    street = _STREET.match(name)
    if street:
        name = street["name"]
    if not _WORD.search(name) or _DATE.match(name):
        name = ""
    return {"text": text, "counterparty_name": name.rstrip(" ,"), "counterparty_account": account}


def unwrapped(raw: str) -> str:
    """Rows as the payer wrote them: a row that fills its 65 columns goes on in the next one.

    Some banks count the tag before the first row, some do not.
    """
    rows = raw.split("\n")
    text = rows[0]
    for number, row in enumerate(rows[1:]):
        full = (_WIDTH - _TAG, _WIDTH) if number == 0 else (_WIDTH,)
        text += row if len(rows[number]) in full else "\n" + row
    return text
