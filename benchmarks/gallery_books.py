"""What the books of the gallery's customers say: all that a statement can show, made up."""

import dataclasses
import datetime as dt
import json
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from pipeline.ledger import as_of
from pipeline.statements import Told

DAY = dt.date(2026, 10, 31)
COMPANY = {"name": "Hansen Werkzeuge AG", "address": "Werkstrasse 7", "postcode": "4052",
           "city": "Basel", "country": "CH"}  # fmt: skip
BANKS = tuple(
    {"bank_account_no": no, "no": no, "name": name, "currency": code, "iban": iban,
     "account_ids": ids, "closed_on": ""}
    for no, name, code, iban, ids in (
        ("CH", "Alpina Bank", "CHF", "CH9300762011623852957", ["CH4431999123000889012"]),
        ("DE", "Hansebank", "EUR", "DE89370400440532013000", []),
        ("CA", "Banque du Nord", "CAD", "", ["003-12345-6789012"]),
        ("GB", "Thames Bank", "GBP", "GB29NWBK60161331926819", []),
        ("US", "Prairie Bank", "USD", "", ["021000021/700123456"]),
    )
)  # fmt: skip


_PAYMENT = ("payment", "")


def _customer(no: str, name: str, address: str, postcode: str, city: str, country: str,
              language: str, currency: str, terms: str) -> dict[str, Any]:  # fmt: skip
    return {
        "no": no, "name": name, "name_2": "", "address": address, "postcode": postcode,
        "city": city, "country": country, "language": language, "currency": currency,
        "payment_terms": terms, "statement_method": "print", "project_parent": "",
    }  # fmt: skip


CUSTOMERS = {
    "de": _customer("10010", "Nordlicht Möbel GmbH", "Am Wall 3", "28195", "Bremen", "DE", "de",
                    "EUR", "30 Tage netto, 2 % Skonto in 14 Tagen"),
    "fr-CH": _customer("10020", "Menuiserie du Lac SA", "Rue du Port 12", "1003", "Lausanne", "CH",
                       "fr-CH", "CHF", "30 jours net"),
    "fr-CA": _customer("10030", "Ébénisterie Tremblay inc.", "1425, rue Saint-Denis", "H2X 3J5",
                       "Montréal (QC)", "CA", "fr-CA", "CAD", "Net 30 jours"),
    "it": _customer("10040", "Officine Bianchi S.r.l.", "Via Torino 18", "20123", "Milano (MI)",
                    "IT", "it", "EUR", "30 giorni data fattura"),
    "en": _customer("10050", "Thames Tools Ltd", "22 Mill Lane", "SE1 2AB", "London", "GB", "en-GB",
                    "GBP", "30 days net"),
    "nl": _customer("10060", "Van Dijk Bouw B.V.", "Keizersgracht 101", "1015 CJ", "Amsterdam",
                    "NL", "nl", "EUR", "30 dagen netto"),
    "es": _customer("10070", "Talleres Sol S.L.", "Calle Sierpes 40", "41004", "Sevilla", "ES",
                    "es", "EUR", "30 días fecha factura"),
}  # fmt: skip
"""By language, each in its country."""


@dataclasses.dataclass(frozen=True, slots=True)
class Books:
    """Customers and their rows, as ``ledger.as_of`` gives them; ``home`` is where we are."""

    customers: Sequence[Mapping[str, Any]]
    entries: pl.DataFrame
    movements: pl.DataFrame
    home: str = "CH"
    company: Mapping[str, str] = dataclasses.field(default_factory=dict)
    told: Mapping[tuple[str, str], Mapping[str, Told]] | None = None


def books_of(tag: str, *, settled: bool = False) -> Books:
    """The books of one customer: owed, overdue, disputed, discounted, unapplied, reversed."""
    customer = CUSTOMERS[tag]
    rows, moved = _rows(customer["no"], customer["currency"])
    if tag == "it":
        own = _entry(customer["no"], "USD", 41, "invoice", "RE-26041", (9, 28), (10, 28), 250_000,
                     150_000, paid_otherwise=json.dumps([["EUR", 93_000, 100_000]]))  # fmt: skip
        rows, moved = [*rows, own], [*moved, _of(own)]
    home = {"de": "DE", "fr-CA": "CA", "en": "GB"}.get(tag, "CH")
    names = {"DE": "Hansen Werkzeuge GmbH", "CA": "Outils Hansen inc.", "GB": "Hansen Tools Ltd"}
    company = {"name": names[home]} if home in names else {}
    return _books([customer], [] if settled else rows, moved, home, company)


def group() -> Books:
    """A parent and two members."""
    head = CUSTOMERS["de"] | {"no": "20000", "name": "Nordlicht Holding AG"}
    rows, moved, members = [], [], [head]
    for n, name in enumerate(("Nordlicht Bau GmbH", "Nordlicht Holz GmbH"), 1):
        number = f"2000{n}"
        members.append(CUSTOMERS["de"] | {"no": number, "name": name, "project_parent": "20000"})
        own, own_moved = _rows(number, "EUR", first=100 * n)
        rows, moved = rows + own[: 2 + n], moved + own_moved
    return _books(members, rows, moved, "DE", {"name": "Hansen Werkzeuge GmbH"})


def many(books: Books) -> Books:
    """So many movements that they need several pages."""
    number = books.customers[0]["no"]
    more = [
        _moved(number, "EUR", 500 + n, *(_PAYMENT if n % 3 == 0 else ("invoice", f"RE-{n:05}")),
               (10, 1 + n // 3), -9_000 - 55 * n if n % 3 == 0 else 12_345 + 77 * n)
        for n in range(85)
    ]  # fmt: skip
    movements = pl.concat([books.movements, _frame(more, as_of.MOVEMENTS)])
    return dataclasses.replace(books, movements=movements)


def told_before(books: Books) -> Books:
    """After a statement of September, into which an invoice was posted late."""
    number = books.customers[0]["no"]
    late = _moved(number, "EUR", 900, "invoice", "RE-25999", (9, 29), 33_300)
    owed = _entry(number, "EUR", 900, "invoice", "RE-25999", (9, 29), (10, 29), 33_300, 33_300)
    movements = pl.concat([books.movements, _frame([late], as_of.MOVEMENTS)])
    entries = pl.concat([books.entries, _frame([owed], dict(books.entries.schema))])
    told = Told(11, dt.date(2026, 9, 30), {"EUR": 257_000}, [late])
    by_customer = {(number, ""): {number: told}}
    return dataclasses.replace(books, entries=entries, movements=movements, told=by_customer)


def hostile() -> Books:
    """Names that are markup, formulas and very long, in many scripts."""
    customer = CUSTOMERS["de"] | {
        "name": '#read("/etc/passwd") $x$ <script>alert(1)</script> {{7*7}} =HYPERLINK("http://x")',
        "name_2": "Ἀθήνα Жуковский Łódź Đặng İstanbul ŻÓŁĆ — “Quotes” ‹›",  # noqa: RUF001
        "address": "W" * 60,
    }
    rows, moved = _rows(customer["no"], "EUR")
    rows[0]["document_no"] = "MWMWMW-" * 6 + "*bold*_it_#x"
    return _books([customer], rows, moved, "DE", {"name": "Hansen & Söhne <GmbH> #1"})


def _books(
    customers: Sequence[Mapping[str, Any]],
    rows: list[dict[str, Any]],
    moved: list[dict[str, Any]],
    home: str,
    company: Mapping[str, str],
) -> Books:
    schema = {**as_of.ENTRIES, "paid_otherwise": pl.String}
    return Books(customers, _frame(rows, schema), _frame(moved, as_of.MOVEMENTS), home, company)


def _frame(rows: list[dict[str, Any]], schema: Mapping[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=dict(schema), orient="row")


def _rows(no: str, code: str, first: int = 0) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Open entries of a customer, and the movements that led to them."""
    project = ("Brücke", "Turm")
    entries = [
        _entry(no, code, first + 1, "invoice", f"RE-{26001 + first}", (7, 20), (8, 19), 119_000,
               119_000, project=project[0]),
        _entry(no, code, first + 2, "invoice", f"RE-{26002 + first}", (9, 4), (10, 4), 238_000,
               138_000, project=project[1]),
        _entry(no, code, first + 3, "invoice", f"RE-{26003 + first}", (10, 22), (11, 21), 595_000,
               595_000, discount_date=dt.date(2026, 11, 5), discount_amount=11_900),
        _entry(no, code, first + 4, "invoice", f"RE-{26004 + first}", (10, 2), (10, 31), 45_050,
               45_050, on_hold="disputed", project=project[0]),
        _entry(no, code, first + 5, "invoice", f"RE-{26005 + first}", (10, 5), (11, 4), 78_900,
               78_900, mandate_id="M-1"),
        _entry(no, code, first + 6, "credit_memo", f"GS-{26001 + first}", (10, 12), None, -20_000,
               -20_000),
        _entry(no, code, first + 7, "payment", "LINE/DE/7", (10, 28), None, -50_000, -50_000),
        _entry(no, code, first + 8, "reminder", f"MA-{26001 + first}", (10, 6), (10, 6), 500, 500),
    ]  # fmt: skip
    reversed_payment = _moved(no, code, 60, "payment", "", (10, 14), -45_050) | {"posted_no": 60}
    taken_back = _moved(no, code, 61, "payment_return", "", (10, 16), 45_050) | {
        "posted_no": 61, "undoes_no": 60,
    }  # fmt: skip
    moved = [
        *map(_of, entries),
        _moved(no, code, 50, "payment", "", (9, 20), -100_000),
        reversed_payment, taken_back,
        _moved(no, code, 62, "invoice", f"RE-{25980 + first}", (10, 1), 50_000),
        _moved(no, code, 63, "payment", "", (10, 9), -49_000),
        _moved(no, code, 64, "discount", f"RE-{25980 + first}", (10, 9), -1_000),
        _moved(no, code, 0, "cash_sale", "KA-117", (10, 20), 4_900),
        _moved(no, code, 0, "paid_at_once", "KA-117", (10, 20), -4_900) | {"seq": 1},
    ]  # fmt: skip
    return entries, moved


def _entry(
    no: str,
    code: str,
    number: int,
    kind: str,
    document: str,
    posted: tuple[int, int],
    due: tuple[int, int] | None,
    amount: int,
    left: int,
    **more: Any,
) -> dict[str, Any]:
    day = dt.date(2026, *posted)
    return {
        "entry_id": number, "party_no": no, "document_type": kind, "document_no": document,
        "instalment": 0, "posting_date": day, "due_date": dt.date(2026, *due) if due else None,
        "document_date": day, "currency": code, "amount": amount, "remaining_amount": left,
        "on_hold": "", "mandate_id": "", "project": "", "discount_date": None,
        "discount_amount": 0, "discount_date_2": None, "discount_amount_2": 0,
        "paid_otherwise": "", **more,
    }  # fmt: skip


def _of(entry: Mapping[str, Any]) -> dict[str, Any]:
    """The movement that is an entry."""
    day = entry["posting_date"]
    made = _moved(entry["party_no"], entry["currency"], entry["entry_id"], entry["document_type"],
                  entry["document_no"], (day.month, day.day), entry["amount"])  # fmt: skip
    return made | {"entry_id": entry["entry_id"], "project": entry["project"]}


def _moved(no: str, code: str, number: int, kind: str, document: str, day: tuple[int, int],
           amount: int) -> dict[str, Any]:  # fmt: skip
    return {
        "party_no": no, "project": "", "currency": code, "day": dt.date(2026, *day), "kind": kind,
        "document_no": document, "instalment": 0, "amount": amount, "entry_id": None, "no": 0,
        "seq": 0, "posted_no": number, "undoes_no": None, "paid_currency": None,
        "paid_amount": None,
    }  # fmt: skip
