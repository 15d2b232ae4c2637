"""MT940 and MT942 (SWIFT category 9): one bank statement a :20: block, each read alone.

Our own strict reading of the raw text decides; ``mt940_second`` lets the library ``mt-940`` read
the same money fields and says where the two differ.
"""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from pipeline.domain.bank_statement import BankStatement, RefusedStatement
from pipeline.domain.money import LIMIT, minor
from pipeline.domain.money import text as amount_text
from pipeline.domain.packed_lines import PackedLines
from pipeline.feeds import mt940_lines, mt940_second
from pipeline.feeds.decode import decode
from pipeline.feeds.mt940_cut import Part, parts
from pipeline.feeds.mt940_lines import Lines, UnreadableError, parse_date
from pipeline.feeds.references import is_iban

_BALANCE = re.compile(r"([CD])([0-9]{6})?([A-Z]{3})([0-9 ]*[0-9][0-9., ]*)(?=\n|\Z)")
_NUMBER = re.compile(r"([0-9]{1,10})(?:/([0-9]{1,10}))?")
_OPENING = ("60F", "60M")
_CLOSING = ("62F", "62M")
_INTRADAY = ("34F", "13", "13D", "90C", "90D")


@dataclass(frozen=True, slots=True)
class _Balance:
    amount: int
    currency: str
    date: dt.date | None


def read(data: bytes, encoding_fallback: str) -> Iterator[BankStatement | RefusedStatement]:
    """Each statement of an MT940 or MT942 file; what cannot be read is refused by itself."""
    text = decode(data, encoding_fallback)
    del data
    ordinal = 0
    for part in parts(text):
        try:
            for statement in _statement(part, ordinal + 1):
                ordinal += 1
                yield statement
        except UnreadableError as error:
            ordinal += 1
            yield _refusal(part, ordinal, error)
    if not ordinal:
        detail = "no field :20: and no <OFX>; expected MT940, MT942 or OFX"
        yield RefusedStatement(1, "", "", 1, "no_statement", detail)


def _refusal(part: Part, ordinal: int, error: UnreadableError) -> RefusedStatement:
    number, page = _numbers(part, [])
    return RefusedStatement(
        ordinal,
        _account(part)[0],
        _reference(part),
        part.line(error.place),
        error.reason,
        error.detail,
        statement_no=number,
        page=page,
        **(_read_so_far(part) if error.reason == "cut" else {}),
    )


def _read_so_far(part: Part) -> dict[str, Any]:
    """What a cut statement says as far as it goes, or nothing where that cannot be read."""
    try:
        opening = _balance(part, *_OPENING)
        currency = _currency(part)
        lines = mt940_lines.read(part, currency, opening.date if opening else None)
    except UnreadableError:
        return {}
    amounts = lines.packed["amount"].to_list()
    if sum(map(abs, amounts)) > LIMIT:
        return {}
    return {
        "currency": currency,
        "opening": opening.amount if opening else None,
        "line_count": len(amounts),
        "credits": sum(amount for amount in amounts if amount > 0),
        "debits": -sum(amount for amount in amounts if amount < 0),
    }


def _reference(part: Part) -> str:
    return part.first("20").split("\n")[0]


def _statement(part: Part, ordinal: int) -> list[BankStatement]:
    """The statement, and beside it what it only announces (EC and ED lines)."""
    if part.refused:
        raise UnreadableError("two_accounts", part.refused, part.start)
    intraday = part.has(*_INTRADAY) and not part.has(*_CLOSING)
    account, iban = _account(part)
    if not account:
        raise UnreadableError(
            "unreadable", "field :25: is missing; expected the account", part.start
        )
    if not intraday and not part.has(*_CLOSING):
        missing = "field :62F: is missing; expected the closing balance"
        raise UnreadableError("cut", missing, part.start)
    currency = _currency(part)
    opening, closing = _balance(part, *_OPENING), _balance(part, *_CLOSING)
    to_date = (closing or opening or _Balance(0, "", None)).date
    lines = mt940_lines.read(part, currency, to_date)
    warnings: list[str] = []
    number, page = _numbers(part, warnings)
    statement = BankStatement(
        ordinal=ordinal,
        format="mt942" if intraday else "mt940",
        kind="announced" if intraday else "booked",
        account=account,
        iban=iban,
        currency=currency,
        reference=_reference(part),
        statement_no=number,
        page=page,
        from_date=opening.date if opening else None,
        to_date=to_date or _last_day(lines.packed),
        opening=opening.amount if opening else None,
        closing=closing.amount if closing else None,
        complete=part.has("62F"),
        opening_assumed=False,
        lines=lines.packed,
        opens=part.has("60F"),
        warnings=tuple(warnings + mt940_second.differences(part, lines.packed)),
        tie_checked=opening is not None and closing is not None,
    )
    return _judged(statement, lines, part)


def _judged(statement: BankStatement, lines: Lines, part: Part) -> list[BankStatement]:
    """Take the announced lines out, then see whether what is left ties."""
    found = [statement]
    if lines.announced and statement.kind == "booked":
        frame, apart = lines.packed.frame(), pl.col("line_no").is_in(lines.announced)
        found = [
            replace(statement, lines=_numbered(frame.filter(~apart))),
            replace(
                statement,
                ordinal=statement.ordinal + 1,
                kind="announced",
                lines=_numbered(frame.filter(apart)),
                opening=None,
                closing=None,
                tie_checked=False,
            ),
        ]
    net = found[0].lines.net
    if max(abs(net), abs(statement.opening or 0), abs(statement.closing or 0)) > LIMIT:
        raise UnreadableError("unreadable", "a sum beyond the largest amount", part.start)
    hold, detail = _hold(found[0], lines.odd, net)
    return [replace(found[0], hold_reason=hold, detail=detail), *found[1:]]


def _numbered(frame: pl.DataFrame) -> PackedLines:
    number = pl.int_range(1, pl.len() + 1).cast(pl.Int64).alias("line_no")
    return PackedLines([frame.with_columns(number)])


def _last_day(lines: PackedLines) -> dt.date | None:
    days = [day for day in lines["booking_date"].to_list() if day]
    return max(days) if days else None


def _hold(statement: BankStatement, odd: tuple[str, str] | None, net: int) -> tuple[str, str]:
    if odd and odd[0] == "inexact_amount":
        return odd
    if statement.kind == "announced":
        return "", ""
    if statement.opening is None or statement.closing is None:
        return "no_opening", "field :60F: is missing; nothing proves that all lines are there"
    difference = statement.opening + net - statement.closing
    if difference:
        odd_by = f"{amount_text(difference, statement.currency)} {statement.currency}"
        return "does_not_tie", f"opening + lines - closing = {odd_by}"
    return odd or ("", "")


def _balance(part: Part, *numbers: str) -> _Balance | None:
    found = part.fields.first(*numbers)
    if found is None:
        return None
    number, start, end = found
    match = _BALANCE.match(part.text[start:end].strip())
    if not match:
        wrong = f"field :{number}: is no balance; expected C or D, date, currency, amount"
        raise UnreadableError("unreadable", wrong, start)
    mark, date, currency, written = match.groups()
    mt940_lines.places(currency, start)
    try:
        amount = minor(written.replace(" ", ""), currency)
    except ValueError as error:
        raise UnreadableError("unreadable", f"field :{number}: {error}", start) from None
    return _Balance(-amount if mark == "D" else amount, currency, parse_date(date or ""))


def _currency(part: Part) -> str:
    """The currency of the balances, else of the limits and sums of an MT942, else of :25:."""
    balances = (_balance(part, *_OPENING), _balance(part, *_CLOSING))
    found = {balance.currency for balance in balances if balance}
    if len(found) > 1:
        differ = "opening and closing differ in currency"
        raise UnreadableError("unreadable", differ, part.start)
    for number in ("34F", "90C", "90D"):
        match = re.search(r"[A-Z]{3}", part.first(number)[-40:])
        if not found and match:
            found = {match[0]}
    currency = found.pop() if found else part.first("25")[-3:]
    mt940_lines.places(currency, part.start)
    return currency


def _numbers(part: Part, warnings: list[str]) -> tuple[str, str]:
    """Statement number and page; a number of zeros is none."""
    text = part.first("28C", "28")
    match = _NUMBER.match(text)
    if not match:
        if text:
            warnings.append("field :28C: is no statement number; dropped")
        return "", ""
    number = str(int(match[1])) if int(match[1]) else ""
    return number, str(int(match[2])) if match[2] else ""


def _account(part: Part) -> tuple[str, str]:
    """The account as written, and the IBAN in it (``BIC/IBAN`` and ``IBANEUR`` are common)."""
    text = part.first("25", "25P").split("\n")[0].strip()
    plain = text.replace(" ", "")
    for piece in (plain, plain[:-3], *plain.split("/"), *(p[:-3] for p in plain.split("/"))):
        if is_iban(piece):
            return text, piece.upper()
    return text, ""
