"""A second reading of the money in an OFX statement, by the library ``ofxparse``.

It gets kind, date, amount and id of each STMTTRN in closed tags, in pieces of a few hundred: on
whole files it is quadratic, it shifts dates and drops transactions in silence. So ours decides.
"""

import io
import warnings as python_warnings
from decimal import Decimal

from ofxparse import OfxParser

from pipeline.domain.money import exponent

_PIECE = 300
LEAVES = ("TRNTYPE", "DTPOSTED", "TRNAMT")
_HEADER = "OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\nENCODING:UNICODE\nCHARSET:NONE\n\n"


def differences(leaves: list[dict[str, str]], amounts: list[int], currency: str) -> tuple[str, ...]:
    """Warnings where the library reads another number of transactions or another sum."""
    count = 0
    total = Decimal(0)
    for start in range(0, len(leaves), _PIECE):
        try:
            read = _amounts(leaves[start : start + _PIECE], currency)
        except Exception as error:  # noqa: BLE001 - the library raises many kinds; ours decides
            return (f"ofxparse cannot read this statement: {type(error).__name__}",)
        count += len(read)
        total += sum(read)
    if count != len(leaves):
        return (f"ofxparse reads {count} transactions, the raw text has {len(leaves)}",)
    same = total == Decimal(sum(amounts)).scaleb(-exponent(currency))
    return () if same else ("ofxparse reads another sum of the transactions",)


def _amounts(leaves: list[dict[str, str]], currency: str) -> list[Decimal]:
    rows: list[str] = []
    for leaf in leaves:
        cells = (f"<{name}>{leaf.get(name, '')}</{name}>" for name in LEAVES)
        rows.append(f"<STMTTRN>{''.join(cells)}<FITID>{len(rows)}</FITID></STMTTRN>\n")
    text = (
        f"{_HEADER}<OFX><BANKMSGSRSV1><STMTTRNRS><TRNUID>1</TRNUID><STMTRS><CURDEF>{currency}"
        "</CURDEF><BANKACCTFROM><BANKID>1</BANKID><ACCTID>1</ACCTID><ACCTTYPE>CHECKING</ACCTTYPE>"
        f"</BANKACCTFROM><BANKTRANLIST><DTSTART>20000101</DTSTART><DTEND>20000101</DTEND>"
        f"{''.join(rows)}</BANKTRANLIST></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>"
    )
    with python_warnings.catch_warnings():
        python_warnings.simplefilter("ignore")
        book = OfxParser.parse(io.BytesIO(text.encode()), fail_fast=False)
    return [transaction.amount for transaction in book.account.statement.transactions]
