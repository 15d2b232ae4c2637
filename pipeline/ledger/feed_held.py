"""Held statements: read back as they came, and taken out when something takes their place."""

import datetime as dt
import re
from collections.abc import Sequence

from sqlalchemy import Connection

from pipeline.domain.bank_statement import BankStatement
from pipeline.domain.packed_lines import PackedLines
from pipeline.ledger.bulk import placeholder
from pipeline.ledger.feed_fates import MIDDLE
from pipeline.ledger.feed_lines import load_lines

HELD_PAGES = ("incomplete",)
_HOLD = re.compile(r"([a-z_]+): ")
_COLUMNS = (
    "id, ordinal, format, kind, account, currency, reference, statement_no, page, from_date,"
    " to_date, opening, closing, complete, detail"
)


def load_held(
    connection: Connection,
    reasons: Sequence[str],
    bank_account_no: str = "",
    statement_no: str = "",
) -> list[tuple[int, BankStatement]]:
    """Held statements with one of ``reasons``, in date order; by account and number if given."""
    mark = placeholder(connection)
    sql = (
        f"SELECT {_COLUMNS} FROM statement WHERE status = 'held'"
        f" AND reason IN ({', '.join([mark] * len(reasons))})"
    )
    values = list(reasons)
    if bank_account_no:
        sql += f" AND bank_account_no = {mark} AND statement_no = {mark}"
        values += [bank_account_no, statement_no]
    rows = connection.exec_driver_sql(f"{sql} ORDER BY to_date, id", tuple(values)).mappings().all()
    return [(row["id"], _statement(connection, dict(row))) for row in rows]


def _statement(connection: Connection, row: dict[str, object]) -> BankStatement:
    lines = load_lines(connection, int(str(row["id"])))
    opening, closing = (_number(row[name]) for name in ("opening", "closing"))
    detail = str(row["detail"])
    hold = _HOLD.match(detail)
    complete = bool(row["complete"])
    return BankStatement(
        ordinal=int(str(row["ordinal"])),
        format=str(row["format"]),
        kind=str(row["kind"]),
        account=str(row["account"]),
        iban="",
        currency=str(row["currency"]),
        reference=str(row["reference"]),
        statement_no=str(row["statement_no"]),
        page=str(row["page"]),
        from_date=_day(row["from_date"]),
        to_date=_day(row["to_date"]),
        opening=opening,
        closing=closing,
        complete=complete,
        opening_assumed=False,
        lines=PackedLines([lines]),
        hold_reason=hold[1] if hold else "",
        detail=detail,
        opens=MIDDLE not in detail,
    )


def _number(value: object) -> int | None:
    return None if value is None else int(str(value))


def _day(value: object) -> dt.date | None:
    return dt.date.fromisoformat(str(value)) if value else None


def replace_held(connection: Connection, numbers: Sequence[int]) -> str:
    """Mark held statements as replaced, freeing their place in the file; the file's hash."""
    sha256 = ""
    for number in numbers:
        row = connection.exec_driver_sql(
            f"SELECT sha256 FROM statement WHERE id = {int(number)}"
        ).one()
        sha256 = str(row[0])
        connection.exec_driver_sql(
            f"UPDATE statement SET status = 'replaced' WHERE id = {int(number)}"
        )
    return sha256
