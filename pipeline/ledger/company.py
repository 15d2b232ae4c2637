"""What the books decide once: the company's currency and the date of the cut-over.

Source: interface, section 1 (``[company]``).
"""

import datetime as dt
import json
from collections import Counter
from collections.abc import Iterable, Mapping

from sqlalchemy import Connection

from pipeline.config import Settings
from pipeline.domain.errors import UsageError
from pipeline.domain.money import exponent
from pipeline.ledger.bulk import placeholder
from pipeline.ledger.connection import Ledger

_CURRENCY, _CUTOVER = "company_currency", "cutover"


def currency(ledger: Ledger, settings: Settings) -> str:
    """The company's currency as it stands or is set; empty while it is undecided.

    UsageError when the settings contradict what is posted.
    """
    stored, wanted = _stored(ledger, _CURRENCY), settings.company["currency"]
    if stored and wanted and wanted != stored and _posted(ledger):
        raise UsageError(
            f"[company] currency: found {wanted!r}, expected {stored!r}: the books of this ledger"
            " are posted in it, and it stays"
        )
    return wanted or stored


def fixed(ledger: Ledger, settings: Settings) -> str:
    """The company's currency, kept from now on: something is posted in it. Empty while undecided.

    A load that posts keeps it itself; where nothing was open at the cut-over a night comes first.
    """
    held = currency(ledger, settings)
    if held and not _stored(ledger, _CURRENCY):
        with ledger.transaction() as connection:
            store(connection, {_CURRENCY: held})
    return held


def choose_currency(ledger: Ledger, settings: Settings, wanted: str) -> str:
    """Store the currency that ``init --currency`` names; returns the one that holds."""
    try:
        exponent(wanted)
    except ValueError:
        raise UsageError(f"--currency: found {wanted!r}, expected an ISO 4217 currency") from None
    held = currency(ledger, settings)
    if held and held != wanted and (settings.company["currency"] or _posted(ledger)):
        where = "[company] currency" if settings.company["currency"] else "the ledger"
        raise UsageError(f"--currency: found {wanted!r}, but {where} says {held!r}")
    with ledger.transaction() as connection:
        store(connection, {_CURRENCY: wanted})
    return wanted


def decided(
    ledger: Ledger, settings: Settings, banks: Mapping[str, str] | None = None
) -> tuple[str, str]:
    """The currency that a load that posts will store, and a sentence where it was found now.

    ``banks``: currencies by account that the same load brings. Most bank accounts, on a tie most
    parties, then the first bank account's; empty where there is no bank account.
    """
    held = currency(ledger, settings)
    if held:
        said = "set in [company] currency" if not _stored(ledger, _CURRENCY) else ""
        return held, said
    rows = ledger.rows("SELECT bank_account_no, currency FROM bank_account")
    accounts = {row[0]: row[1] for row in rows} | dict(banks or {})
    counted = Counter(accounts.values())
    most = _most(counted, counted)
    if len(most) < 2:
        return (most[0], "the currency of most bank accounts") if most else ("", "")
    fields = ledger.rows("SELECT fields FROM party WHERE fields <> '{}'")
    parties = Counter(json.loads(row[0]).get("currency", "") for row in fields)
    most = _most(parties, most)
    if len(most) == 1:
        return most[0], "the currency of most parties, since bank accounts tie"
    first = next(accounts[no] for no in sorted(accounts) if accounts[no] in most)
    return first, "the currency of the first bank account, since accounts and parties tie"


def _most(counted: Counter[str], among: Iterable[str]) -> list[str]:
    high = max((counted[code] for code in among), default=0)
    return [code for code in among if counted[code] == high]


def cutover(ledger: Ledger, settings: Settings, latest: str = "") -> str:
    """The date of the opening postings, ISO; empty while neither bank nor settings give one.

    ``latest``: the latest ``last_statement_date`` that the same load brings. The settings, else
    what the first load took, else the latest ``last_statement_date``, else the day before the
    first bank line.
    """
    known = settings.company["cutover"] or _stored(ledger, _CUTOVER)
    if known:
        return known
    last = ledger.rows("SELECT max(last_statement_date) FROM bank_account")[0][0]
    first = ledger.rows("SELECT min(coalesce(booking_date, value_date)) FROM statement_line")[0][0]
    if last or latest or not first:
        return max(str(last or ""), latest)
    return str(dt.date.fromisoformat(first) - dt.timedelta(days=1))


def remember(connection: Connection, currency: str, cutover: str) -> None:
    """Keep what the first load that posts decided."""
    found = {_CURRENCY: currency, _CUTOVER: cutover}
    store(connection, {key: value for key, value in found.items() if value})


def store(connection: Connection, values: dict[str, str]) -> None:
    """Set entries of ``meta``."""
    mark = placeholder(connection)
    for key, value in values.items():
        connection.exec_driver_sql(
            f"INSERT INTO meta (key, value) VALUES ({mark}, {mark})"
            " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            (key, value),
        )


def _stored(ledger: Ledger, key: str) -> str:
    rows = ledger.rows(f"SELECT value FROM meta WHERE key = '{key}'")
    return str(rows[0][0]) if rows else ""


def _posted(ledger: Ledger) -> bool:
    return bool(ledger.rows("SELECT 1 FROM register LIMIT 1"))
