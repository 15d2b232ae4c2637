"""Field :86: with numbered sub-fields: a three-digit business code, then ``?20text?21text``.

German and Austrian banks write ``?``, Polish, Hungarian, Romanian and Dutch ones ``<``, ``>``,
``+``, ``~`` or ``^``. Sub-fields: 00 booking text, 20-29 and 60-63 remittance, 30 bank code,
31 (38 IBAN) account, 32-33 name (27 in the Polish layout), 34 return reason.
"""

import re

Texts = dict[str, str]

_START = re.compile(r"\s*([0-9]{3})?\s?([?<>+~^])(?=[0-9]{2})")
_CODEWORDS = "EREF|KREF|MREF|CRED|DEBT|SVWZ|ABWA|ABWE|COAM|OAMT|PURP|IBAN|BIC"
_PLUS = re.compile(rf"({_CODEWORDS})\+ ?()")
_PLUS_OR_COLON = re.compile(rf"({_CODEWORDS})\+ ?|(?:^|(?<=\W))({_CODEWORDS}) ?: ?")
_REMITTANCE = frozenset((*range(20, 30), *range(60, 66)))
_KNOWN = {f"{no:02}": no for no in (0, 10, 11, *range(20, 40), *range(60, 72), 96)}
_FREE = (0, 10, 34)
_WIDTH = 27


def read(raw: str) -> Texts | None:
    """The texts of a coded field, or None where it is of another dialect."""
    match = _START.match(raw)
    if not match or (match[1] is None and not _is_coded(raw, match[2])):
        return None
    pieces = _pieces(raw[match.end(2) - 1 :].replace("\n", ""), match[2])
    # Numbers rise, so that the pieces stand in the order of their numbers.
    body = _joined([text for no, own in pieces.items() if no in _REMITTANCE for text in own])
    fields = _codewords(body) or {"text": body}
    fields["business_code"] = match[1] or ""
    name = _joined([text for no in (32, 33) for text in pieces.get(no, ())])
    fields["counterparty_name"] = fields.get("counterparty_name") or name
    account = "".join(pieces.get(38, ())) or "".join(pieces.get(31, ()))
    fields["counterparty_account"] = account or fields.get("counterparty_account", "")
    return fields


def _is_coded(raw: str, separator: str) -> bool:
    """Without a business code: two known sub-fields in rising order, or ``>20`` to begin with."""
    joined = raw.replace("\n", "").lstrip()
    begins = separator in "<>~^" and joined[1:3] in ("00", "20")
    return begins or len(_pieces(joined, separator)) > 1


def _pieces(joined: str, separator: str) -> dict[int, list[str]]:
    """Sub-fields by number; a separator inside the text, or a number out of order, starts none."""
    pieces: dict[int, list[str]] = {}
    last = current = -1
    for part in joined.split(separator)[1:]:
        number = _KNOWN.get(part[:2], -1)
        if number >= 0 and (number >= last or number in _FREE):
            if number > last:
                last = number
            if number in pieces:
                pieces[number].append(part[2:])
            else:
                pieces[number] = [part[2:]]
            current = number
        elif pieces:
            pieces[current][-1] += separator + part
    return pieces


def _joined(pieces: list[str]) -> str:
    """Pieces of 27 characters are wrapped text and join as they are; shorter ones were lines."""
    if len(pieces) < 2:
        return pieces[0].strip() if pieces else ""
    return "".join([piece if len(piece) >= _WIDTH else piece + " " for piece in pieces]).strip()


def _codewords(text: str) -> Texts:
    if ":" not in text:
        if "+" not in text:
            return {}
        parts = _PLUS.split(text)
    else:
        parts = _PLUS_OR_COLON.split(text)
    if len(parts) < 4:
        return {}
    found = {parts[i] or parts[i + 1]: parts[i + 2].strip() for i in range(1, len(parts) - 2, 3)}
    return {
        "text": f"{parts[0]} {found.get('SVWZ', '')}",
        "end_to_end_id": found.get("EREF", ""),
        "mandate_id": found.get("MREF", ""),
        "creditor_id": found.get("CRED", ""),
        "counterparty_name": "",
        "counterparty_account": found.get("IBAN", "").split(" ")[0],
        "customer_reference": found.get("KREF", ""),
        "charges": found.get("COAM", ""),
        "original": found.get("OAMT", ""),
    }
