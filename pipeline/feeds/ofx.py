"""OFX 1 (SGML) and OFX 2 (XML): bank, card and investment cash (OFX 2.2, section 11).

Our own strict reading of the raw text decides; ``ofx_second`` lets the library ``ofxparse`` read
the same amounts and says where the two differ.
"""

import datetime as dt
import html
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, cast

from pipeline.domain.bank_statement import BankStatement, RefusedStatement
from pipeline.domain.money import LIMIT, exponent, minor
from pipeline.domain.packed_lines import PackedLines
from pipeline.feeds import ofx_currency, ofx_second
from pipeline.feeds.decode import decode
from pipeline.feeds.references import is_iban, payment_reference
from pipeline.feeds.rows import Rows

_STATEMENT = re.compile(
    r"<(STMTRS|CCSTMTRS|INVSTMTRS)>(.*?)(?=</\1>|<(?:STMTRS|CCSTMTRS|INVSTMTRS)>|</OFX>)",
    re.DOTALL | re.IGNORECASE,
)
_TRANSACTION = re.compile(
    r"<STMTTRN>(.*?)(?=</STMTTRN>|<STMTTRN>|</BANKTRANLIST>|</INVBANKTRAN>|<LEDGERBAL>|\Z)",
    re.DOTALL | re.IGNORECASE,
)
_PENDING = re.compile(
    r"<STMTTRNP>(.*?)(?=</STMTTRNP>|<STMTTRNP>|</BANKTRANLISTP>|\Z)", re.DOTALL | re.IGNORECASE
)
_BEGIN = re.compile(r"<STMTTRN>", re.IGNORECASE)
_TEXT = re.compile(r"<(?:NAME|MEMO|EXTDNAME)>", re.IGNORECASE)
_LEDGER = re.compile(r"<LEDGERBAL>(.*?)(?=<AVAILBAL>|</LEDGERBAL>|\Z)", re.DOTALL | re.IGNORECASE)
_LEAF = re.compile(  # a value ends before a blank or a tag only, so that no other place is tried
    r"<([A-Z0-9.]+)>([^\s<]*+(?:[^\n][^\s<]*+)*?)(?=\s*(?:</?[A-Z0-9.]+>|\n|\Z))", re.IGNORECASE
)
_OTHER = re.compile(r"<(BANKACCTTO|CCACCTTO)>(.*?)</\1>", re.DOTALL | re.IGNORECASE)
_DOCTYPE = re.compile(r"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
_CHARSET = re.compile(r"^CHARSET:\s*([A-Z0-9-]+)", re.IGNORECASE | re.MULTILINE)
_END = re.compile(r"</OFX>\s*\Z", re.IGNORECASE)
_DATE = re.compile(r"[0-9]{8}")


def read(data: bytes, encoding_fallback: str) -> Iterator[BankStatement | RefusedStatement]:
    """Each statement of an OFX file; a cut file or one with a DOCTYPE is refused whole."""
    text = decode(data, _charset(data, encoding_fallback))
    del data
    if _DOCTYPE.search(text):
        yield _refuse("doctype", "the file declares a DOCTYPE or ENTITY; expected none")
        return
    if not _END.match(text, max(text.rfind("<"), 0)):
        yield _refuse("cut", "the file does not end with </OFX>; expected a complete file")
        return
    version = "ofx2" if re.search(r"<\?OFX|<\?xml", text[:500], re.IGNORECASE) else "ofx1"
    ordinal = 0
    for match in _STATEMENT.finditer(text):
        try:
            for statement in _statements(match[2], match[1].upper(), ordinal + 1, version):
                ordinal += 1
                yield statement
        except ValueError as error:
            ordinal += 1
            line = text.count("\n", 0, match.start()) + 1
            detail = f"{match[1].upper()}: {error}"
            yield RefusedStatement(ordinal, "", "", line, "unreadable", detail)
    if not ordinal:
        yield _refuse("no_statement", "no STMTRS, CCSTMTRS or INVSTMTRS; expected a statement")


def _charset(data: bytes, fallback: str) -> str:
    match = _CHARSET.search(data[:1000].decode("latin-1"))
    if not match or match[1].upper() in ("NONE", "UTF-8"):
        return fallback
    name = match[1].upper()
    return f"cp{name}" if name.isdigit() else name


def _refuse(reason: str, detail: str) -> RefusedStatement:
    return RefusedStatement(1, "", "", 1, reason, detail)


def _leaves(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for written, value in _LEAF.findall(text):
        name = written.upper()
        plain = (html.unescape(value) if "&" in value else value).strip()
        if plain and name not in found:
            found[name] = plain
    return found


def _statements(body: str, kind: str, ordinal: int, version: str) -> list[BankStatement]:
    """The booked statement, and beside it the pending items, which are only announced."""
    booked = _statement(body, kind, ordinal, version)
    sums = (booked.lines.net, booked.closing or 0)
    if max(map(abs, sums)) > LIMIT:
        raise ValueError("a sum beyond the largest amount")
    pending = [_leaves(match[1]) for match in _PENDING.finditer(body)]
    if not pending:
        return [booked]
    rows = Rows()
    for number, leaf in enumerate(pending, 1):
        rows.add(_pending(number, leaf, booked.currency))
    apart = replace(
        booked,
        ordinal=ordinal + 1,
        kind="announced",
        closing=None,
        complete=False,
        lines=rows.lines(),
        hold_reason="",
        detail="",
    )
    return [booked, apart]


def _pending(number: int, leaf: dict[str, str], currency: str) -> dict[str, Any]:
    name = leaf.get("NAME", "")
    day = _date(leaf.get("DTTRAN", ""))
    return {
        "line_no": number,
        "booking_date": day,
        "value_date": day,
        "amount": _amount(leaf, "TRNAMT", currency, f"STMTTRNP {number}"),
        "type_code": leaf.get("TRNTYPE", "").upper(),
        "counterparty_name": name,
        "text": " ".join((leaf.get("MEMO") or name).split()),
        "raw": "pending",
    }


def _hidden(body: str) -> str:
    """Where most STMTTRN begin a line, one behind a text is no transaction of the bank's."""
    own = behind = 0
    for match in _BEGIN.finditer(body):
        before = body[max(0, match.start() - 1000) : match.start()].rpartition("\n")[2]
        own += not before.strip()
        behind += bool(_TEXT.search(before))
    if own > behind > 0:
        return "a STMTTRN begins inside the text of another; expected one at the start of a line"
    return ""


def _statement(body: str, kind: str, ordinal: int, version: str) -> BankStatement:
    head = _leaves(re.sub(r"<STMTTRN>.*", "", body, flags=re.DOTALL | re.IGNORECASE))
    said = {code.upper() for code in re.findall(r"<CURSYM>\s*([A-Za-z]{3})", body)}
    currency = head.get("CURDEF", "").upper() or (said.pop() if len(said) == 1 else "")
    _known(currency)
    ledger = _LEDGER.search(body)
    balance = _leaves(ledger[1]) if ledger else {}
    stated = "BALAMT" in balance
    closing = _amount(balance, "BALAMT", currency, "LEDGERBAL") if stated else None
    listed = body.rfind("<BANKTRANLIST>")
    listing = _leaves(body[listed : listed + 400]) if listed >= 0 else {}
    lines, hold, warnings = _lines(body, currency)
    hidden = _hidden(body)
    account, iban = _account(head, kind)
    to_date = _date(balance.get("DTASOF", "")) or _date(listing.get("DTEND", ""))
    to_date = to_date or cast(dt.date | None, lines["booking_date"].max())
    return BankStatement(
        ordinal=ordinal,
        format=version,
        kind="booked",
        account=account,
        iban=iban,
        currency=currency,
        reference=head.get("TRNUID", ""),
        statement_no=to_date.isoformat() if to_date else "",
        page="",
        from_date=_date(listing.get("DTSTART", "")),
        to_date=to_date,
        opening=None,
        closing=closing,
        complete=True,
        opening_assumed=False,
        lines=lines,
        hold_reason="hidden_transaction" if hidden else "bad_amount" if hold else "",
        detail=hidden or hold,
        warnings=warnings,
        tie_checked=False,
    )


def _known(currency: str) -> None:
    """ValueError where CURDEF, or else every CURSYM, names no currency."""
    if not currency:
        raise ValueError("CURDEF is missing; expected a currency of ISO 4217, as EUR")
    try:
        exponent(currency)
    except ValueError as error:
        raise ValueError(f"CURDEF: {error}; expected one of ISO 4217, as EUR") from None


def _amount(leaf: dict[str, str], name: str, currency: str, where: str) -> int:
    """The amount of an element in minor units; ValueError says where it stands."""
    try:
        return minor(leaf.get(name, ""), currency)
    except ValueError as error:
        raise ValueError(f"{where}: {name}: {error}; expected one as -12.34") from None


def _account(head: dict[str, str], kind: str) -> tuple[str, str]:
    number = head.get("ACCTID", "")
    if not number:
        raise ValueError("ACCTID is missing; expected the account")
    bank = head.get("BANKID", "") if kind == "STMTRS" else head.get("BROKERID", "")
    iban = number.replace(" ", "").upper()
    return (f"{bank}/{number}" if bank else number), iban if is_iban(iban) else ""


def _date(text: str) -> dt.date | None:
    """The local date as printed: the first eight digits, whatever the time zone says."""
    match = _DATE.match(text)
    try:
        return dt.date(int(text[:4]), int(text[4:6]), int(text[6:8])) if match else None
    except ValueError:
        return None


def _lines(body: str, currency: str) -> tuple[PackedLines, str, tuple[str, ...]]:
    """The lines, what must hold the statement, and where the library reads otherwise."""
    rows, hold, written, net = Rows(), "", [], 0
    for number, match in enumerate(_TRANSACTION.finditer(body), 1):
        leaf = _leaves(match[1])
        written.append(leaf.get("TRNAMT", ""))
        try:
            amount = _amount(leaf, "TRNAMT", currency, f"STMTTRN {number}")
        except ValueError as error:
            amount = 0
            hold = hold or str(error)
        net += amount
        more: dict[str, Any] = {}
        if "CURSYM" in leaf:
            other = ofx_currency.contradicts(match[1], currency)
            hold = hold or (other and f"STMTTRN {number}: {other}")
            more = ofx_currency.original(match[1], amount, currency)
        rows.add(_line(number, match[1], leaf, amount) | more)
    return rows.lines(), hold, ofx_second.differences(written, net, currency)


def _line(number: int, raw: str, leaf: dict[str, str], amount: int) -> dict[str, Any]:
    name = leaf.get("NAME", "") or leaf.get("EXTDNAME", "")
    text = " ".join((leaf.get("MEMO") or name).split())
    upper = raw.upper()
    to = _OTHER.search(raw) if "ACCTTO>" in upper else None
    booked = _date(leaf.get("DTPOSTED", ""))
    return {
        "line_no": number,
        "booking_date": booked,
        "value_date": _date(leaf.get("DTAVAIL", "")) or booked,
        "amount": amount,
        "type_code": leaf.get("TRNTYPE", "").upper(),
        "bank_reference": leaf.get("FITID", ""),
        "customer_reference": leaf.get("REFNUM", ""),
        "check_no": leaf.get("CHECKNUM", ""),
        "counterparty_name": name,
        "counterparty_account": _leaves(to[2]).get("ACCTID", "").replace(" ", "") if to else "",
        "text": text,
        "payment_reference": payment_reference(text),
        "corrects": leaf.get("CORRECTFITID", ""),
        "raw": raw.strip(),
    }
