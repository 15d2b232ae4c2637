"""A second reading of the money in an OFX statement, by the library ``ofxparse``.

It gets the amounts as a list of balances, in pieces of five hundred: as transactions each one is
searched for nine parts, which takes three times longer. Only where it then reads otherwise it gets
them as transactions, and says so. Whole files it does not get: on those it is quadratic, it shifts
dates and drops transactions in silence. So ours decides.
"""

import html
import io
import warnings as python_warnings
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from ofxparse import OfxParser

from pipeline.domain.money import exponent

_BALANCES = 500
_TRANSACTIONS = 100
_START = "OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\nENCODING:UNICODE\nCHARSET:NONE\n\n<OFX>"
# The library searches the whole piece for each part of a head that is missing, so none is.
_BALANCES_HEAD = (
    "<SONRS><CODE>0</CODE></SONRS><STMTTRNRS></STMTTRNRS><CCSTMTTRNRS></CCSTMTTRNRS><SECLIST>"
    "</SECLIST><ACCTINFORS></ACCTINFORS><FI></FI><INVSTMTRS><CURDEF>{}</CURDEF><ACCTID>1</ACCTID>"
    "<BROKERID>1</BROKERID><INVTRANLIST></INVTRANLIST><INVBAL><AVAILCASH>0</AVAILCASH>"
    "<MARGINBALANCE>0</MARGINBALANCE><SHORTBALANCE>0</SHORTBALANCE><BUYPOWER>0</BUYPOWER><BALLIST>"
)
_BALANCES_TAIL = "</BALLIST></INVBAL></INVSTMTRS>"
_BALANCE = "<BAL><VALUE>{}</VALUE></BAL>"
_HEAD = (
    "<SIGNONMSGSRSV1><SONRS><STATUS><CODE>0</CODE><SEVERITY>INFO</SEVERITY><MESSAGE>-"
    "</MESSAGE></STATUS><DTSERVER>20000101000000</DTSERVER><LANGUAGE>ENG</LANGUAGE><FI><ORG>-</ORG>"
    "<FID>1</FID></FI></SONRS></SIGNONMSGSRSV1><BANKMSGSRSV1><STMTTRNRS><TRNUID>1</TRNUID><STATUS>"
    "<CODE>0</CODE><SEVERITY>INFO</SEVERITY><MESSAGE>-</MESSAGE></STATUS><STMTRS><CURDEF>{}</CURDEF>"
    "<BANKACCTFROM><BANKID>1</BANKID><BRANCHID>1</BRANCHID><ACCTID>1</ACCTID><ACCTTYPE>CHECKING"
    "</ACCTTYPE></BANKACCTFROM><LEDGERBAL><BALAMT>0</BALAMT><DTASOF>20000101000000</DTASOF>"
    "</LEDGERBAL><AVAILBAL><BALAMT>0</BALAMT><DTASOF>20000101000000</DTASOF></AVAILBAL>"
    "<BANKTRANLIST><DTSTART>20000101000000</DTSTART><DTEND>20000101000000</DTEND>"
)
_TAIL = "</BANKTRANLIST></STMTRS></STMTTRNRS></BANKMSGSRSV1>"
_ROW = "<STMTTRN><DTPOSTED>20000101000000</DTPOSTED><TRNAMT>{}</TRNAMT><FITID>1</FITID></STMTTRN>\n"


def differences(written: Sequence[str], net: int, currency: str) -> tuple[str, ...]:
    """Warnings where the library reads another number of transactions or another sum.

    ``written`` are the amounts as they stand in the file, ``net`` our sum of them in minor units.
    """
    total = Decimal(net).scaleb(-exponent(currency))
    if _agree(written, total, currency):
        return ()
    found: list[Decimal] = []
    try:
        for start in range(0, len(written), _TRANSACTIONS):
            found += _transactions(written[start : start + _TRANSACTIONS], currency)
        same = sum(found) == total
    except Exception as error:  # noqa: BLE001 - the library raises many kinds; ours decides
        return (f"ofxparse cannot read this statement: {type(error).__name__}",)
    if len(found) != len(written):
        return (f"ofxparse reads {len(found)} transactions, the raw text has {len(written)}",)
    return () if same else ("ofxparse reads another sum of the transactions",)


def _agree(written: Sequence[str], total: Decimal, currency: str) -> bool:
    """Whether the library reads the amounts, as balances, to this sum."""
    found: list[Decimal] = []
    try:
        for start in range(0, len(written), _BALANCES):
            found += _balances(written[start : start + _BALANCES], currency)
        return len(found) == len(written) and sum(found) == total
    except Exception:  # noqa: BLE001 - as transactions it says what is wrong
        return False


def _balances(written: Sequence[str], currency: str) -> list[Decimal]:
    rows = "".join([_BALANCE.format(html.escape(text)) for text in written])
    book = _parsed(f"{_BALANCES_HEAD.format(currency)}{rows}{_BALANCES_TAIL}")
    return [balance.value for balance in book.account.statement.balance_list]


def _transactions(written: Sequence[str], currency: str) -> list[Decimal]:
    rows = "".join([_ROW.format(html.escape(text)) for text in written])
    book = _parsed(f"{_HEAD.format(currency)}{rows}{_TAIL}")
    return [transaction.amount for transaction in book.account.statement.transactions]


def _parsed(text: str) -> Any:
    with python_warnings.catch_warnings():
        python_warnings.simplefilter("ignore")
        return OfxParser.parse(io.BytesIO(f"{_START}{text}</OFX>".encode()), fail_fast=False)
