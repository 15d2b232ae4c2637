"""Exchange rates: stored here, for valuation postings; our own columns or the ECB's own files."""

import datetime as dt
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import polars as pl

from pipeline.domain.errors import LoadError, Problem, UsageError
from pipeline.domain.money import exponent
from pipeline.ledger import bulk, company
from pipeline.ledger.load.checks import decimal
from pipeline.ledger.load.dialect import Dialect
from pipeline.ledger.load.journal import Books, Receipt
from pipeline.ledger.load.kinds import KINDS
from pipeline.ledger.load.read import Rows, read_rows

_ECB_BASE = "EUR"
_NONE = ("", "N/A")


def load_rates(books: Books, path: Path, written: Dialect) -> Receipt:
    """Store rates: units of ``currency`` for one unit of the company's currency.

    The ECB's rates are those of the euro: LoadError where the company's currency is another one,
    or undecided.
    """
    currency, _ = company.decided(books.ledger, books.settings)
    ecb = _ecb(path)
    if ecb and currency != _ECB_BASE:
        held = currency or "not decided yet (load bank-accounts, or set [company] currency)"
        raise LoadError(
            f"{path.name}: the ECB's rates are for one EUR, the company's currency is {held};"
            " expected rates for one unit of it, with the columns date, currency, rate"
        )
    rows = _rows(path, ecb) if ecb else read_rows(path, written)
    _check(rows, currency)
    table = rows.take().select("date", "currency", "rate").sort("date", "currency")
    plain = [f"{decimal(text).normalize():f}" for text in table["rate"]]
    wanted = table.with_columns(pl.Series("rate", plain, dtype=pl.String))
    sql = "SELECT date, currency, rate FROM rate ORDER BY date, currency"
    known = books.ledger.frame(sql, dict.fromkeys(wanted.columns, pl.String))
    changed = wanted.join(known, on=wanted.columns, how="anti")
    other = changed.join(known, on=["date", "currency"], how="semi").height
    with books.ledger.transaction() as connection:
        books.logged(connection)
        bulk.upsert_frame(connection, "rate", ("date", "currency"), changed)
    new = changed.height - other
    return {"rows": table.height, "new": new, "changed": other, **rows.said()}


def _check(rows: Rows, company_currency: str) -> None:
    for row, code, text in rows.frame.select("row", "currency", "rate").iter_rows():
        rate = decimal(text)
        if rate <= 0:
            rows.problems.append(Problem(f"row {row}", "rate", text[:40], "a rate above 0"))
        elif code == company_currency and rate != 1:
            expected = f"1, since {code} is the company's own currency"
            rows.problems.append(Problem(f"row {row}", "rate", text[:40], expected))


def _rows(path: Path, found: list[tuple[int, str, str, str]]) -> Rows:
    """The rates that the ECB writes, as rows of our own columns; those it leaves out are none."""
    schema = {"row": pl.Int64, **dict.fromkeys(("date", "currency", "rate"), pl.String)}
    stated = [row for row in found if row[3] not in _NONE]
    frame = pl.DataFrame(stated, schema=schema, orient="row")
    rows = Rows(path.name, KINDS["rates"], frame, frozenset(("date", "currency", "rate")))
    for row, date, code, rate in stated:
        place = f"row {row}"
        if len(date) != 10:
            rows.problems.append(Problem(place, "date", date[:40], "a date of the ECB"))
        if not _is_currency(code):
            rows.problems.append(Problem(place, "currency", code[:40], "an ISO 4217 currency"))
        if not rate.replace(".", "", 1).isdecimal():
            rows.problems.append(Problem(place, "rate", rate[:40], "a decimal with '.'"))
    return rows


def _is_currency(code: str) -> bool:
    try:
        exponent(code)
    except ValueError:
        return False
    return True


def _ecb(path: Path) -> list[tuple[int, str, str, str]]:
    """``(row, date, currency, rate)`` of the ECB's own CSV or XML; empty for another file."""
    try:
        text = path.read_bytes()[:50_000_000].decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return []
    if text.lstrip().startswith("<"):
        return _xml(path, text)
    lines = text.splitlines()
    head = [name.strip() for name in lines[0].split(",")] if lines else []
    if head[:1] != ["Date"] or len(head) < 2:
        return []
    found = []
    for row, line in enumerate(lines[1:], 2):
        date, *rates = (cell.strip() for cell in line.split(","))
        if date or any(rates):
            pairs = zip(head[1:], rates, strict=False)
            found += [(row, _day(date), code, rate) for code, rate in pairs if code]
    return found


def _day(text: str) -> str:
    """The ECB writes ``2026-11-24`` in its history and ``24 November 2026`` in the daily file."""
    for form in ("%Y-%m-%d", "%d %B %Y"):
        try:
            return dt.datetime.strptime(text, form).replace(tzinfo=dt.UTC).date().isoformat()
        except ValueError:
            continue
    return text


def _xml(path: Path, text: str) -> list[tuple[int, str, str, str]]:
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise UsageError(f"{path.name}: found a document type, expected the ECB's XML without one")
    try:
        root = ElementTree.fromstring(text)
    except ElementTree.ParseError as error:
        raise UsageError(f"{path.name}: no readable XML: {error}") from None
    found: list[tuple[int, str, str, str]] = []
    for day in root.iterfind(".//{*}Cube[@time]"):
        for cube in day.iterfind("{*}Cube[@currency]"):
            found.append((len(found) + 1, day.get("time", ""), cube.get("currency", ""),
                          cube.get("rate", "")))  # fmt: skip
    if not found:
        raise LoadError(f"{path.name}: no rates; expected the ECB's XML with Cube time and rate")
    return found
