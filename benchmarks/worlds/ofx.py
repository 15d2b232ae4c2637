"""OFX 1 (SGML, leaf tags open) and OFX 2 (XML) as US and British banks write them."""

from collections.abc import Callable, Sequence
from datetime import date

from benchmarks.worlds import written
from benchmarks.worlds.setting import Bank
from benchmarks.worlds.story import Line

Leaf = Callable[[str, str], str]
_TYPES = {"fee": ("FEE", "FEE"), "interest": ("INT", "INT"), "check": ("DEP", "CHECK"),
          "return": ("CREDIT", "DEBIT"), "own": ("XFER", "XFER"),
          "direct_debit": ("DIRECTDEP", "DIRECTDEBIT"), "batch": ("CREDIT", "DEBIT"),
          "deposit": ("DEP", "CASH"), "transfer": ("CREDIT", "DEBIT")}  # fmt: skip
_SGML = """OFXHEADER:100
DATA:OFXSGML
VERSION:102
SECURITY:NONE
ENCODING:USASCII
CHARSET:1252
COMPRESSION:NONE
OLDFILEUID:NONE
NEWFILEUID:NONE

"""
_XML = """<?xml version="1.0" encoding="UTF-8"?>
<?OFX OFXHEADER="200" VERSION="211" SECURITY="NONE" OLDFILEUID="NONE" NEWFILEUID="NONE"?>
"""


def document(bank: Bank, currency: str, days: tuple[date, date], closing: int,
             lines: Sequence[Line], *, xml: bool) -> str:  # fmt: skip
    """One file: the lines of its days and the balance after them."""

    def leaf(tag: str, value: str) -> str:
        return f"<{tag}>{value}</{tag}>" if xml else f"<{tag}>{value}"

    routing, _, account = bank.account_id.rpartition("/")
    sign = "-" if closing < 0 else ""
    first, last = (f"{day:%Y%m%d}" for day in days)
    head = (leaf("BANKID", routing) if routing else "") + leaf("ACCTID", account)
    rows = "\n".join(_transaction(line, bank, currency, leaf) for line in lines)
    return (
        (_XML if xml else _SGML)
        + "<OFX><SIGNONMSGSRSV1><SONRS><STATUS>"
        + leaf("CODE", "0") + leaf("SEVERITY", "INFO") + "</STATUS>"
        + leaf("DTSERVER", f"{last}060000") + leaf("LANGUAGE", "ENG")
        + "</SONRS></SIGNONMSGSRSV1>\n"
        + "<BANKMSGSRSV1><STMTTRNRS>" + leaf("TRNUID", "0") + "<STATUS>" + leaf("CODE", "0")
        + leaf("SEVERITY", "INFO") + "</STATUS><STMTRS>" + leaf("CURDEF", currency)
        + f"<BANKACCTFROM>{head}" + leaf("ACCTTYPE", "CHECKING") + "</BANKACCTFROM>\n<BANKTRANLIST>"
        + leaf("DTSTART", first) + leaf("DTEND", last) + f"\n{rows}\n</BANKTRANLIST><LEDGERBAL>"
        + leaf("BALAMT", sign + written.decimal(closing)) + leaf("DTASOF", last)
        + "</LEDGERBAL></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>\n"
    )  # fmt: skip


def _transaction(line: Line, bank: Bank, currency: str, leaf: Leaf) -> str:
    kind = _TYPES[line.kind][line.amount < 0]
    sign = "-" if line.amount < 0 else ""
    memo = written.text(line, bank)
    if line.end_to_end:
        memo = f"{memo} ID {line.end_to_end}".strip()
    if line.charges:
        whole = written.decimal(line.amount + line.charges)
        memo += f" ORIG {currency} {whole} LESS CHARGES {written.decimal(line.charges)}"
    fields = [leaf("TRNTYPE", kind), leaf("DTPOSTED", f"{line.day:%Y%m%d}120000")]
    fields += [leaf("TRNAMT", sign + written.decimal(line.amount)), leaf("FITID", line.ref)]
    if line.check_no:
        fields.append(leaf("CHECKNUM", line.check_no))
    name = written.name(line, bank) or memo[:32]
    fields.append(leaf("NAME", _escaped(name)))
    if memo:
        fields.append(leaf("MEMO", _escaped(memo)))
    return f"<STMTTRN>{''.join(fields)}</STMTTRN>"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").strip()
