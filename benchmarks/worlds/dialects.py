"""Field ``:86:`` as seven banks write it. Each takes a line and gives the rows of the field."""

from collections.abc import Callable

from benchmarks.worlds import written
from benchmarks.worlds.identifiers import grouped
from benchmarks.worlds.setting import Bank
from benchmarks.worlds.story import Line

Dialect = Callable[[Line, Bank], list[str]]
_BUSINESS = {  # German business transaction code and booking text: money in, money out
    "transfer": ("166", "GUTSCHRIFT", "177", "UEBERWEISUNG"),
    "own": ("166", "GUTSCHRIFT", "116", "UEBERWEISUNG"),
    "direct_debit": ("171", "LASTSCHRIFTEINZUG", "105", "BASISLASTSCHRIFT"),
    "batch": ("192", "SAMMLER", "191", "SAMMLER"),
    "return": ("159", "RETOURE", "109", "RUECKLASTSCHRIFT"),
    "fee": ("805", "ABSCHLUSS", "805", "ABSCHLUSS"),
    "interest": ("814", "ZINSEN", "814", "ZINSEN"),
    "check": ("070", "SCHECKEINREICHUNG", "101", "SCHECK"),
    "deposit": ("082", "EINZAHLUNG", "083", "AUSZAHLUNG"),
}
_DUTCH = {
    "direct_debit": "SEPA INCASSO ALGEMEEN DOORLOPEND", "batch": "SEPA BATCH BOEKING",
    "return": "SEPA RETOUR", "fee": "AFSLUITING", "interest": "AFSLUITING", "deposit": "STORTING",
}  # fmt: skip


def wrapped(joined: str, bank: Bank, width: int = 65) -> list[str]:
    """Hard line ends, inside words and numbers; some banks lose the blank before one."""
    rows = [joined[start : start + width] for start in range(0, len(joined), width)]
    return [row.rstrip() for row in rows] if bank.strips else rows


def _pieces(text: str, width: int = 27) -> list[str]:
    return [text[start : start + width] for start in range(0, len(text), width)]


def _told(line: Line, bank: Bank) -> str:
    return " ".join(part for part in (line.reference, written.text(line, bank)) if part)


def german(line: Line, bank: Bank) -> list[str]:
    """``?nn`` sub-fields of 27 characters with SEPA codewords."""
    codes = _BUSINESS[line.kind]
    code, booking = codes[:2] if line.amount > 0 else codes[2:]
    places = [
        piece for mark, value in _codewords(line, bank) if value for piece in _pieces(mark + value)
    ]
    numbers = [*range(20, 30), *range(60, 64)]
    fields = "".join(f"?{n}{piece}" for n, piece in zip(numbers, places, strict=False))
    name = written.name(line, bank)
    account = f"?30{bic(line.account)}?31{line.account}" if line.account and bank.account else ""
    for place, piece in enumerate(_pieces(name)[:2]):
        account += f"?{32 + place}{piece}"
    reason = "?34912" if line.kind == "return" else ""
    return wrapped(f":86:{code}?00{booking}?109301{fields}{account}{reason}", bank)


def _codewords(line: Line, bank: Bank) -> list[tuple[str, str]]:
    back = line.kind == "return" and line.charges
    whole = written.decimal(line.original[1], ",") if back and line.original else ""
    return [
        ("EREF+", line.end_to_end), ("MREF+", line.mandate), ("OAMT+", whole),
        ("COAM+", written.decimal(line.charges, ",") if back else ""), ("SVWZ+", _told(line, bank)),
    ]  # fmt: skip


def bic(account: str) -> str:
    """A bank code that goes with an IBAN."""
    return f"{account[4:8] if account[4:8].isalpha() else 'COBA'}{account[:2]}2AXXX"


def _field(tag: str, value: str) -> str:
    return f"/{tag}/{value}" if value else ""


def abn(line: Line, bank: Bank) -> list[str]:
    """``/TRTP/.../IBAN/.../NAME/.../REMI/.../EREF/...`` wrapped hard at 65 characters."""
    text = written.text(line, bank)
    if line.reference:
        text = f"BETALINGSKENMERK {line.reference} {text}".strip()
    joined = f":86:/TRTP/{_DUTCH.get(line.kind, 'SEPA OVERBOEKING')}"
    if line.account:
        joined += f"/IBAN/{line.account}/BIC/{bic(line.account)}"
    joined += _field("NAME", written.name(line, bank)) + _field("MARF", line.mandate)
    joined += _field("REMI", text) + f"/EREF/{line.end_to_end or 'NOTPROVIDED'}"
    return wrapped(joined, bank)


def ing(line: Line, bank: Bank) -> list[str]:
    """``/CNTP/account/bic/name///REMI/USTD//text/``, or STRD/CUR for a payment reference."""
    joined = ":86:" + (f"/EREF/{line.end_to_end}/" if line.end_to_end else "")
    joined += f"/MARF/{line.mandate}/" if line.mandate else ""
    if line.kind == "return":
        joined += "/RTRN/MD06/"
    name = written.name(line, bank)
    if line.account or name:
        joined += f"/CNTP/{line.account}/{bic(line.account) if line.account else ''}/{name}///"
    if line.reference:
        joined += f"/REMI/STRD/CUR/{line.reference}/"
    else:
        joined += f"/REMI/USTD//{written.text(line, bank)}/"
    return wrapped(joined, bank)


def slashes(line: Line, bank: Bank) -> list[str]:
    """``/ORDP//NAME/.../IBAN/.../REMI/.../EREF/...``, as many banks of several countries."""
    side = "/ORDP/" if line.amount > 0 else "/BENM/"
    text = written.text(line, bank)
    if line.reference:
        mark = "KID " if bank.no.startswith("NO") else ""
        text = f"{mark}{line.reference} {text}".strip()
    joined = ":86:"
    if line.name or line.account:
        joined += side + _field("NAME", written.name(line, bank)) + _field("IBAN", line.account)
    joined += _field("REMI", text) + _field("EREF", line.end_to_end) + _field("MREF", line.mandate)
    return wrapped(joined, bank)


def french(line: Line, bank: Bank) -> list[str]:
    """Free text: kind, DE or POUR, MOTIF, REF, each on a row of its own."""
    name, text = written.name(line, bank), _told(line, bank)
    kinds = {
        "direct_debit": ("REMISE PRLV SEPA", "PRLV SEPA"), "own": ("VIR RECU", "VIR EMIS"),
        "transfer": ("VIR RECU", "VIR EMIS"), "return": ("VIR RETOUR", "IMPAYE PRLV"),
    }  # fmt: skip
    if line.kind not in kinds:
        return wrapped(f":86:{text}", bank)
    rows = [f":86:{kinds[line.kind][line.amount < 0]}"]
    if name:
        rows.append(f"{'DE' if line.amount > 0 else 'POUR'}: {name}")
    rows += [f"MOTIF: {text}"] if text else []
    rows += [f"REF: {line.end_to_end}"] if line.end_to_end else []
    rows += [f"MANDAT {line.mandate}"] if line.mandate else []
    return [piece for row in rows for piece in wrapped(row, bank)]


def swiss(line: Line, bank: Bank) -> list[str]:
    """Free text of a post office bank: name with address, then the message or the reference."""
    name, text = written.name(line, bank), written.text(line, bank)
    joined = {"own": "KONTOUEBERTRAG", "return": "RUECKBELASTUNG"}.get(
        line.kind, "GUTSCHRIFT" if line.amount > 0 else "GIRO POST"
    )
    if line.kind in ("fee", "interest"):
        joined = text
    elif name:
        party = line.party
        place = f" {party.street} {party.postcode} {party.city}" if party and party.city else ""
        address = written.letters(place, bank)
        joined += f" {'AUFTRAGGEBER' if line.amount > 0 else 'BEGUENSTIGTER'}: {name}{address}"
    if line.reference:
        joined += f" REFERENZNUMMER: {grouped('qrr', line.reference)}"
    if text and line.kind not in ("fee", "interest"):
        joined += f" MITTEILUNGEN: {text}"
    if line.end_to_end:
        joined += f" REF. {line.end_to_end}"
    return wrapped(f":86:{joined}", bank)


def norwegian(line: Line, bank: Bank) -> list[str]:
    """Free text on rows: who, when it was paid, KID or message."""
    name, text = written.name(line, bank), written.text(line, bank)
    rows = []
    if name:
        rows.append(f"{'FRA' if line.amount > 0 else 'TIL'}: {name}")
        rows.append(f"BETALT: {line.paid:%d.%m.%y}")
    rows += [f"KID: {line.reference}"] if line.reference else []
    rows += [text] if text else []
    rows += [f"REF {line.end_to_end}"] if line.end_to_end else []
    rows[0] = f":86:{rows[0]}" if rows else ":86:"
    return [piece for row in rows for piece in wrapped(row, bank)]


def british(line: Line, bank: Bank) -> list[str]:
    """The payer's reference of 18 characters; the name stands on the second row of ``:61:``."""
    rows = [f":86:{written.text(line, bank)}"]
    return rows + ([line.end_to_end] if line.end_to_end else [])


DIALECTS: dict[str, Dialect] = {
    "german": german, "abn": abn, "ing": ing, "slashes": slashes, "french": french,
    "swiss": swiss, "norwegian": norwegian, "british": british,
}  # fmt: skip
