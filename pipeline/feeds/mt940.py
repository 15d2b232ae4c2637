"""MT940 and MT942 (SWIFT category 9): one bank statement a :20: block, each read alone.

The library ``mt-940`` parses; our own strict reading of the same raw text checks every line and
balance of it, and holds where the two differ, since the library loses lines and digits in silence.
"""

import datetime as dt
import logging
import re
from typing import Any

import mt940 as library
import polars as pl

from pipeline.domain import frames
from pipeline.domain.bank_statement import BankStatement, FeedResult, RefusedStatement
from pipeline.domain.money import exponent, minor
from pipeline.feeds import remittance
from pipeline.feeds.decode import decode, swift_lines
from pipeline.feeds.mt940_cut import Tag, statements, tags
from pipeline.feeds.references import is_iban

_LINE = re.compile(
    r"(?P<value>[0-9]{6})(?P<entry>[0-9]{4}| {4})?(?P<mark>R[CD]|E[CD]|C|D)(?P<funds>[A-Z])?"
    r" ?(?P<amount>[0-9]{1,15}(?:[.,][0-9]*)?|,[0-9]+)"
    r"(?P<type>[A-Z][A-Z0-9]{3}|[0-9]{3})?(?P<rest>.*)",
    re.DOTALL,
)
_BALANCE = re.compile(
    r"(?P<mark>[CD])(?P<date>[0-9]{6})?(?P<currency>[A-Z]{3})(?P<amount>[0-9., ]+)"
)
_NUMBER = re.compile(r"([0-9]{1,10})(?:/([0-9]{1,10}))?")
# The library logs whole fields with payer data; our own errors say place and reason instead.
logging.getLogger("mt940").setLevel(logging.CRITICAL + 1)

_ODD = re.compile(r"(\d)\.(\d)")


class _CannotReadError(Exception):
    """One statement cannot be read: reason code, what was found, file line."""

    def __init__(self, reason: str, detail: str, line: int) -> None:
        super().__init__(detail)
        self.reason, self.detail, self.line = reason, detail, line


def parse(data: bytes, encoding_fallback: str) -> FeedResult:
    """Read every statement of an MT940 or MT942 file; what cannot be read is refused by itself."""
    taken: list[BankStatement] = []
    refused: list[RefusedStatement] = []
    ordinal = 0
    for block in tags(swift_lines(decode(data, encoding_fallback))):
        for part in statements(block):
            ordinal += 1
            try:
                taken.append(_statement(part, ordinal))
            except _CannotReadError as error:
                account = _text(part, "25") or _text(part, "25P")
                refused.append(
                    RefusedStatement(
                        ordinal, account, _text(part, "20"), error.line, error.reason, error.detail
                    )
                )
    if not ordinal:
        detail = "no field :20: and no <OFX>; expected a bank statement"
        refused.append(RefusedStatement(1, "", "", 1, "no_statement", detail))
    return FeedResult(tuple(taken), tuple(refused))


def _text(part: list[Tag], number: str) -> str:
    return next((tag.text.strip() for tag in part if tag.number == number), "")


def _statement(part: list[Tag], ordinal: int) -> BankStatement:
    first = part[0].line
    warnings: list[str] = []
    account_text = _text(part, "25") or _text(part, "25P")
    opening, closing = _balance(part, ("60F", "60M")), _balance(part, ("62F", "62M"))
    intraday = _is_intraday(part)
    if not account_text:
        raise _CannotReadError("unreadable", "field :25: is missing; expected the account", first)
    if not intraday and closing is None:
        raise _CannotReadError("cut", "field :62F: is missing; expected the closing balance", first)
    currency = _currency(part, opening, closing, first)
    lines = _lines(part, currency, (closing or opening or {}).get("date"), intraday)
    statement_no, page = _numbers(part, warnings)
    account, iban = _account(account_text.split("\n")[0].strip())
    net = sum(int(line["amount"]) for line in lines)
    hold, detail = _hold(lines, opening, closing, net, currency)
    _cross_check(part, lines, warnings)
    announced = intraday or any(line.pop("announced") for line in list(lines))
    frame = pl.DataFrame(lines, schema_overrides=frames.FEED_LINES).with_columns(
        pl.col(pl.Int64).fill_null(0), pl.col(pl.String).fill_null("")
    )
    return BankStatement(
        ordinal=ordinal,
        format="mt942" if intraday else "mt940",
        kind="announced" if intraday else "booked",
        account=account,
        iban=iban,
        currency=currency,
        reference=_text(part, "20").split("\n")[0],
        statement_no=statement_no,
        page=page,
        from_date=(opening or {}).get("date"),
        to_date=(closing or {}).get("date"),
        opening=_amount(opening, currency),
        closing=_amount(closing, currency),
        complete=any(tag.number == "62F" for tag in part),
        opening_assumed=False,
        lines=frames.conform(frame, frames.FEED_LINES),
        hold_reason=hold,
        detail=detail,
        warnings=tuple(warnings) if announced or warnings else (),
        tie_checked=opening is not None and closing is not None,
    )


def _is_intraday(part: list[Tag]) -> bool:
    numbers = {tag.number for tag in part}
    return bool(numbers & {"34F", "13", "13D", "90C", "90D"}) and not numbers & {"62F", "62M"}


def _balance(part: list[Tag], numbers: tuple[str, str]) -> dict[str, Any] | None:
    for tag in part:
        if tag.number not in numbers:
            continue
        match = _BALANCE.match(tag.text.strip())
        if not match:
            raise _CannotReadError(
                "unreadable", f"field :{tag.number}: is no balance; expected C or D, date, currency"
                ", amount", tag.line
            )  # fmt: skip
        date = _date(match["date"] or "")
        return {
            "mark": match["mark"], "date": date, "currency": match["currency"],
            "amount": match["amount"].replace(" ", ""), "line": tag.line,
        }  # fmt: skip
    return None


def _amount(balance: dict[str, Any] | None, currency: str) -> int | None:
    if balance is None:
        return None
    try:
        value = minor(balance["amount"], currency)
    except ValueError as error:
        raise _CannotReadError("unreadable", f"balance: {error}", balance["line"]) from None
    return -value if balance["mark"] == "D" else value


def _currency(
    part: list[Tag], opening: dict[str, Any] | None, closing: dict[str, Any] | None, line: int
) -> str:
    found = {balance["currency"] for balance in (opening, closing) if balance}
    if len(found) > 1:
        raise _CannotReadError("unreadable", "opening and closing differ in currency", line)
    for number in ("34F", "90C", "90D"):
        match = re.search(r"[A-Z]{3}", _text(part, number)[-40:])
        if not found and match:
            found = {match[0]}
    if not found:
        found = {_text(part, "25")[-3:]}
    currency = str(found.pop())
    try:
        exponent(currency)
    except ValueError as error:
        raise _CannotReadError("unreadable", str(error), line) from None
    return currency


def _date(text: str) -> dt.date | None:
    try:
        return dt.datetime.strptime(text, "%y%m%d").date()  # noqa: DTZ007 - a date has no zone
    except ValueError:
        return None


def _numbers(part: list[Tag], warnings: list[str]) -> tuple[str, str]:
    text = _text(part, "28C") or _text(part, "28")
    match = _NUMBER.match(text)
    if not match:
        if text:
            warnings.append("field :28C: is no statement number; dropped")
        return "", ""
    return str(int(match[1])), str(int(match[2])) if match[2] else ""


def _account(text: str) -> tuple[str, str]:
    plain = text.replace(" ", "")
    for piece in (plain, plain[:-3], *plain.split("/"), *(p[:-3] for p in plain.split("/"))):
        if is_iban(piece):
            return text, piece.upper()
    return text, ""


def _lines(
    part: list[Tag], currency: str, around: dt.date | None, intraday: bool
) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    details: list[str] = []
    waiting = ""
    for tag in part:
        if tag.number == "61":
            found.append(_line(tag, currency, around))
            details.append(waiting)
            waiting = ""
        elif tag.number == "86":
            if found and _belongs(part, tag):
                details[-1] = f"{details[-1]}\n{tag.text}".strip("\n")
            elif not found:
                waiting = tag.text
        elif tag.number in ("62F", "62M"):
            break
    for number, (line, text) in enumerate(zip(found, details, strict=True), 1):
        line["line_no"] = number
        line["raw"] = f":61:{line['raw']}" + (f"\n:86:{text}" if text else "")
        if text:
            line.update(remittance.read(text))
    return found


def _belongs(part: list[Tag], tag: Tag) -> bool:
    last_line = max((t.line for t in part if t.number == "61"), default=0)
    ends = [t.line for t in part if t.number in ("62F", "62M", "64", "65", "90C", "90D")]
    return not any(last_line < end < tag.line for end in ends)


def _line(tag: Tag, currency: str, around: dt.date | None) -> dict[str, Any]:
    match = _LINE.match(tag.text.lstrip("\n"))
    if not match:
        raise _CannotReadError(
            "unreadable", "field :61: is no statement line; expected date, C or D, amount", tag.line
        )
    value_date = _date(match["value"]) or _date(match["value"][:2] + (match["entry"] or ""))
    if value_date is None:
        raise _CannotReadError("unreadable", "field :61: has an impossible value date", tag.line)
    inexact = ""
    try:
        amount = minor(
            match["amount"].replace(",", "0,", 1) if match["amount"][0] == "," else match["amount"],
            currency,
        )
    except ValueError as error:
        amount, inexact = 0, str(error)
    mark = match["mark"]
    if mark in ("D", "RC", "ED"):
        amount = -amount
    rest, _, supplement = match["rest"].partition("\n")
    customer, _, bank = rest.partition("//")
    return {
        "booking_date": _entry_date(match["entry"] or "", value_date),
        "value_date": value_date,
        "amount": amount,
        "is_reversal": mark in ("RC", "RD"),
        "type_code": match["type"] or "",
        "customer_reference": "" if customer.strip() == "NONREF" else customer.strip(),
        "bank_reference": bank.strip(),
        "check_no": customer.strip() if (match["type"] or "") == "NCHK" else "",
        "text": supplement.strip(),
        "raw": tag.text,
        "announced": mark in ("EC", "ED"),
        "inexact": inexact,
        "far": bool(around and abs((value_date - around).days) > 366),
    }


def _entry_date(text: str, value_date: dt.date) -> dt.date:
    """The entry date in the year nearest to the value date; an impossible one gives that date."""
    near = []
    for year in (value_date.year - 1, value_date.year, value_date.year + 1):
        try:
            near.append(dt.date(year, int(text[:2]), int(text[2:])))
        except ValueError:
            continue
    return min(near, key=lambda day: (abs((day - value_date).days), day)) if near else value_date


def _hold(
    lines: list[dict[str, Any]],
    opening: dict[str, Any] | None,
    closing: dict[str, Any] | None,
    net: int,
    currency: str,
) -> tuple[str, str]:
    inexact = [line.pop("inexact") for line in lines]
    far = [line.pop("far") for line in lines]
    if any(inexact):
        return "inexact_amount", next(text for text in inexact if text)
    start, end = _amount(opening, currency), _amount(closing, currency)
    if start is not None and end is not None and start + net != end:
        return "does_not_tie", f"opening + lines - closing = {start + net - end} minor units"
    if any(far):
        return "bad_value_date", f"line {far.index(True) + 1}: a value date over a year away"
    return "", ""


def _cross_check(part: list[Tag], lines: list[dict[str, Any]], warnings: list[str]) -> None:
    """Let the library read the same statement, and say where it reads other lines or sums."""
    text = "\n".join(
        f":{tag.number}:" + (_ODD.sub(r"\1,\2", tag.text) if tag.number[0] == "6" else tag.text)
        for tag in part
        if tag.number not in ("28C", "28", "65", "64", "13", "13D", "90C", "90D", "34F")
    )
    try:
        read = library.parse_statements(text, options=library.Options.all())
        amounts = [t.data["amount"].amount for s in read for t in s.transactions]
        if len(amounts) != len(lines):
            warnings.append(f"mt-940 reads {len(amounts)} lines, the raw text has {len(lines)}")
    except Exception as error:  # noqa: BLE001 - the library raises many kinds; ours is the reading
        warnings.append(f"mt-940 cannot read this statement: {type(error).__name__}")
