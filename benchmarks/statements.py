"""How long statements take: ``python -m benchmarks.statements [--customers N] [--rows N]``.

CPU seconds (user and system) of this process, since the wall says little on a shared machine:
composing all customers, and rendering some of them as tagged PDF.
"""

import argparse
import datetime as dt
import resource
import time
from collections.abc import Iterator

import polars as pl

from pipeline import statements
from pipeline.ledger import as_of

_DAY = dt.date(2026, 10, 31)
_SLICE = 10_000  # as a run takes them
_RENDERED = 300
_COMPANY = {"name": "Hansen Werkzeuge GmbH", "postcode": "", "city": "", "country": ""}


def main() -> None:
    """Print the figures."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--customers", type=int, default=200_000)
    words.add_argument("--rows", type=int, default=20)
    asked = words.parse_args()
    for style in statements.STYLES:
        _told(style, asked.customers, asked.rows)
    _rendered(asked.rows)
    print(f"most memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


def _told(style: str, customers: int, rows: int) -> None:
    spent, size = 0.0, 0
    for start in range(0, customers, _SLICE):
        accounts, people = _books(start, min(_SLICE, customers - start), rows)
        begun = time.process_time()
        size += sum(len(statements.kept(one.data)) for one in _letters(style, accounts, people))
        spent += time.process_time() - begun
    print(
        f"compose {style}: {customers} customers of {rows} rows: {spent:.1f} s CPU,"
        f" {spent / customers * 1000:.2f} ms each, {size / customers:.0f} bytes each"
    )


def _rendered(rows: int) -> None:
    accounts, people = _books(0, _RENDERED, rows)
    for style in statements.STYLES:
        data = [one.data for one in _letters(style, accounts, people)]
        renderer = statements.Renderer()
        renderer.pdf(data[0], str(_DAY))
        begun = time.process_time()
        size = sum(len(renderer.pdf(one, str(_DAY))) for one in data)
        each = (time.process_time() - begun) / len(data)
        print(f"render {style}: {each * 1000:.1f} ms CPU each, {size / len(data) / 1024:.0f} kB")


def _letters(
    style: str, accounts: statements.Accounts, people: list[dict[str, str]]
) -> Iterator[statements.Composed]:
    form, choice = statements.Form(style), statements.Choice()
    wanted, _ = statements.chosen(accounts, people, form, choice)
    return statements.letters(accounts, wanted, {}, form, _COMPANY)


def _books(start: int, count: int, rows: int) -> tuple[statements.Accounts, list[dict[str, str]]]:
    """Customers of so many invoices each, and what moved their accounts."""
    numbers = [f"C{n:07}" for n in range(start, start + count)]
    people = [
        {"no": number, "name": f"Customer {number}", "name_2": "", "address": "Am Wall 3",
         "postcode": "28195", "city": "Bremen", "country": "DE", "language": "de"}
        for number in numbers
    ]  # fmt: skip
    index = pl.DataFrame({"n": pl.int_range(count * rows, eager=True)})
    day = pl.lit(_DAY) - pl.duration(days=pl.col("n") % 90)
    shared = index.select(
        entry_id=pl.col("n") + 1, party_no=pl.Series(numbers).gather(index["n"] // rows),
        document_type=pl.lit("invoice"), document_no=pl.format("RE-{}", pl.col("n")),
        instalment=pl.lit(0, pl.Int64), posting_date=day.cast(pl.Date),
        due_date=(day + pl.duration(days=30)).cast(pl.Date), document_date=pl.lit(None, pl.Date),
        currency=pl.lit("EUR"), amount=pl.col("n") * 37 % 900_000 + 100,
    )  # fmt: skip
    entries = shared.with_columns(
        remaining_amount=pl.col("amount"), on_hold=pl.lit(""), mandate_id=pl.lit(""),
        project=pl.lit(""),
        discount_date=pl.lit(None, pl.Date), discount_amount=pl.lit(0, pl.Int64),
        discount_date_2=pl.lit(None, pl.Date), discount_amount_2=pl.lit(0, pl.Int64),
    )  # fmt: skip
    movements = shared.select(
        "party_no", "currency", day="posting_date", kind="document_type",
        document_no="document_no", instalment="instalment", amount="amount", entry_id="entry_id",
        project=pl.lit(""), no=pl.lit(0, pl.Int64), seq=pl.lit(0, pl.Int64),
    ).select(list(as_of.MOVEMENTS))  # fmt: skip
    return statements.Accounts(_DAY, "0" * 64, entries, movements), people


if __name__ == "__main__":
    main()
