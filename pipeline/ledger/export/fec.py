"""The French file of accounting entries (fichier des écritures comptables) of one fiscal year.

Source: Livre des procédures fiscales, article A47 A-1. 18 columns separated by tabs, ISO 8859-15,
dates YYYYMMDD, decimal comma; ``SirenFECYYYYMMDD.txt`` by the day on which the year ends.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence

import polars as pl
from stdnum.fr import siren

from pipeline.config import Settings
from pipeline.domain import money
from pipeline.domain.decimals import decimals
from pipeline.domain.errors import UsageError
from pipeline.ledger.connection import Ledger
from pipeline.ledger.export import fec_rows
from pipeline.ledger.export.batches import File, Registers

COLUMNS = (
    "JournalCode", "JournalLib", "EcritureNum", "EcritureDate", "CompteNum", "CompteLib",
    "CompAuxNum", "CompAuxLib", "PieceRef", "PieceDate", "EcritureLib", "Debit", "Credit",
    "EcritureLet", "DateLet", "ValidDate", "Montantdevise", "Idevise",
)  # fmt: skip
_SHOWN = 10


def fec(
    ledger: Ledger, settings: Settings, currency: str, year_end: dt.date, through: int | None = None
) -> tuple[File, dict[str, str]]:
    """The file of the twelve months that end with ``year_end``; ``currency`` is the company's.

    With it the sums of debits and of credits, as decimal text. Registers after ``through`` are left
    out.

    In the order in which entries were recorded, numbered without a gap in each journal. UsageError
    where the company has no SIREN, an account no number of the French chart or an amount no value
    in the company's currency.
    """
    number = settings.fec["siren"].replace(" ", "")
    if not siren.is_valid(number):
        found = settings.fec["siren"]
        raise UsageError(f"[fec] siren: found {found!r}, expected the company's 9 digits")
    rows = fec_rows.rows(ledger, settings, first_day(year_end), year_end)
    if through is not None:
        rows = rows.filter(pl.col("register_no") <= through)
    rows = _in_company_currency(rows, currency)
    rows = _numbered(rows.with_columns(_account_numbers(rows, settings)))
    lines = ["\t".join(COLUMNS), *rows.select(_line(rows))["line"]]
    data = "".join(f"{line}\r\n" for line in lines).encode("iso-8859-15", "replace")
    value = rows["value"]
    sums = {"debit": value.filter(value > 0).sum(), "credit": -value.filter(value < 0).sum()}
    file = File(f"{number}FEC{year_end:%Y%m%d}.txt", rows.height, data)
    return file, {side: money.text(int(cents), currency) for side, cents in sums.items()}


def fec_batch(
    ledger: Ledger, settings: Settings, currency: str, year_end: dt.date
) -> Callable[[Registers], Iterator[File]]:
    """What writes a year's file as a batch: all of the year, with what is new in it."""

    def make(wanted: Registers) -> Iterator[File]:
        yield fec(ledger, settings, currency, year_end, wanted.through)[0]

    return make


def first_day(year_end: dt.date) -> dt.date:
    """The first of the twelve months that end with ``year_end``."""
    after = year_end + dt.timedelta(days=1)
    return after.replace(year=after.year - 1)


def postings_before(ledger: Ledger, year_end: dt.date) -> int:
    """How many postings of earlier years the file does not carry forward."""
    sql = (
        "SELECT count(*) FROM posting p JOIN journal_entry j ON j.no = p.journal_entry_no WHERE"
        f" j.posting_date < '{first_day(year_end)}'"
    )
    return int(ledger.rows(sql)[0][0])


def _in_company_currency(rows: pl.DataFrame, currency: str) -> pl.DataFrame:
    """With ``value``, the amount in the company's currency, and its code."""
    own = pl.when(pl.col("currency") == currency).then("amount")
    valued = rows.with_columns(
        pl.coalesce(own, "amount_company").alias("value"), pl.lit(currency).alias("company")
    )
    missing = valued.filter(pl.col("value").is_null())
    if missing.height:
        counts = missing["currency"].value_counts().sort("currency").rows()
        counted = ", ".join(f"{count} in {code}" for code, count in counts)
        raise UsageError(
            f"export fec: found postings without an amount in {currency}: {counted}; expected a"
            " value for each, since the file is in the company's currency"
        )
    # What was valued later stands where it got its value.
    return valued.filter(pl.col("value") != 0)


def _account_numbers(rows: pl.DataFrame, settings: Settings) -> pl.Expr:
    said = settings.fec["accounts"]
    found = {account: said.get(account, account) for account in rows["gl_account"].unique()}
    missing = sorted(
        a
        for a, n in found.items()
        if not (n[:3].isascii() and n[:3].isdecimal() and len(n) >= 3 and n.isalnum())
    )
    if missing:
        raise UsageError(
            f"[fec.accounts]: no number for {_listed(missing)}; expected three digits of the French"
            f' chart and what follows them, such as "{missing[0]}" = "627000"'
        )
    return pl.col("gl_account").replace(found).alias("number")


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more


def _numbered(rows: pl.DataFrame) -> pl.DataFrame:
    order = ["register_no", "no", "seq", "document_no", "party_no", "amount", "foreign_amount",
             "_entry_id"]  # fmt: skip
    number = pl.col("no").rank("dense").over("journal").cast(pl.Int64).alias("place")
    return rows.sort(order).with_columns(number)


def _line(rows: pl.DataFrame) -> pl.Expr:
    value, zero = pl.col("value"), pl.lit("0,00")
    size = rows.select(value.abs().alias("size"), "company")
    text = decimals(size, "size", "company").str.replace(".", ",", literal=True)
    written = size.select(text.alias("size"))["size"]
    foreign = (pl.col("currency") != pl.col("company")) & (pl.col("foreign_amount") != 0)
    abroad = decimals(rows, "foreign_amount", "currency").str.replace(".", ",", literal=True)
    columns = (
        _plain("journal"), _plain("journal_name"), pl.col("place").cast(pl.String),
        _day("posting_date"), pl.col("number"), _plain("account_name"), _plain("party_no"),
        _plain("party_name"), _plain("document_no"), _day("document_date"), _plain("said"),
        pl.when(value > 0).then(written).otherwise(zero),
        pl.when(value < 0).then(written).otherwise(zero),
        pl.col("letter"), _day("letter_date"), _day("recorded_on"),
        pl.when(foreign).then(abroad).otherwise(pl.lit("")),
        pl.when(foreign).then("currency").otherwise(pl.lit("")),
    )  # fmt: skip
    return pl.concat_str(columns, separator="\t").alias("line")


def _plain(name: str) -> pl.Expr:
    """Text without what separates columns and rows."""
    return pl.col(name).str.replace_all(r"[\x00-\x1f\x7f|\s]+", " ").str.strip_chars()


def _day(name: str) -> pl.Expr:
    return pl.col(name).str.replace_all("-", "", literal=True)
