"""A second reading of the money in an OFX statement, by the library ``ofxparse``.

It gets the amount of each STMTTRN in closed tags, in pieces of a hundred: on whole files it is
quadratic, it shifts dates and drops transactions in silence. So ours decides.
"""

import html
import io
import warnings as python_warnings
from collections.abc import Sequence
from decimal import Decimal

from ofxparse import OfxParser

from pipeline.domain.money import exponent

_PIECE = 100
# The library searches the whole piece for each part of a head that is missing, so none is.
_HEAD = (
    "OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\nENCODING:UNICODE\nCHARSET:NONE\n\n"
    "<OFX><SIGNONMSGSRSV1><SONRS><STATUS><CODE>0</CODE><SEVERITY>INFO</SEVERITY><MESSAGE>-"
    "</MESSAGE></STATUS><DTSERVER>20000101000000</DTSERVER><LANGUAGE>ENG</LANGUAGE><FI><ORG>-</ORG>"
    "<FID>1</FID></FI></SONRS></SIGNONMSGSRSV1><BANKMSGSRSV1><STMTTRNRS><TRNUID>1</TRNUID><STATUS>"
    "<CODE>0</CODE><SEVERITY>INFO</SEVERITY><MESSAGE>-</MESSAGE></STATUS><STMTRS><CURDEF>{}</CURDEF>"
    "<BANKACCTFROM><BANKID>1</BANKID><BRANCHID>1</BRANCHID><ACCTID>1</ACCTID><ACCTTYPE>CHECKING"
    "</ACCTTYPE></BANKACCTFROM><LEDGERBAL><BALAMT>0</BALAMT><DTASOF>20000101000000</DTASOF>"
    "</LEDGERBAL><AVAILBAL><BALAMT>0</BALAMT><DTASOF>20000101000000</DTASOF></AVAILBAL>"
    "<BANKTRANLIST><DTSTART>20000101000000</DTSTART><DTEND>20000101000000</DTEND>"
)
_TAIL = "</BANKTRANLIST></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>"
_ROW = "<STMTTRN><DTPOSTED>20000101000000</DTPOSTED><TRNAMT>{}</TRNAMT><FITID>1</FITID></STMTTRN>\n"


def differences(written: Sequence[str], net: int, currency: str) -> tuple[str, ...]:
    """Warnings where the library reads another number of transactions or another sum.

    ``written`` are the amounts as they stand in the file, ``net`` our sum of them in minor units.
    """
    count = 0
    total = Decimal(0)
    for start in range(0, len(written), _PIECE):
        try:
            read = _amounts(written[start : start + _PIECE], currency)
        except Exception as error:  # noqa: BLE001 - the library raises many kinds; ours decides
            return (f"ofxparse cannot read this statement: {type(error).__name__}",)
        count += len(read)
        total += sum(read)
    if count != len(written):
        return (f"ofxparse reads {count} transactions, the raw text has {len(written)}",)
    same = total == Decimal(net).scaleb(-exponent(currency))
    return () if same else ("ofxparse reads another sum of the transactions",)


def _amounts(written: Sequence[str], currency: str) -> list[Decimal]:
    rows = "".join([_ROW.format(html.escape(text)) for text in written])
    text = f"{_HEAD.format(currency)}{rows}{_TAIL}"
    with python_warnings.catch_warnings():
        python_warnings.simplefilter("ignore")
        book = OfxParser.parse(io.BytesIO(text.encode()), fail_fast=False)
    return [transaction.amount for transaction in book.account.statement.transactions]
