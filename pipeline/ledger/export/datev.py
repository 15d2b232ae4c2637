"""Posting batches in the DATEV format (EXTF, header 700, posting batch version 13).

Source: developer.datev.de. One file for each month, as recommended there, of at most 99,999 rows;
Windows-1252, CR LF, decimal comma. Accounts are the numbers of ``[datev.accounts]``, parties their
own numbers. What is in another currency has its amount in the company's as Basis-Umsatz, and what
the rates moved as rows of its own; Kurs stays empty, both amounts are the rate. What is given up of
a taxed document is a row a tax code: gross with the tax key that ``[datev.tax_keys]`` has for the
code, else net, and its tax a row of its own.
"""

import re
from collections.abc import Callable, Iterator, Mapping

import polars as pl

from pipeline.config import Settings
from pipeline.domain.decimals import decimals
from pipeline.domain.errors import UsageError
from pipeline.ledger.connection import Ledger
from pipeline.ledger.export import datev_accounts, handed_over
from pipeline.ledger.export.batches import File, Registers
from pipeline.ledger.export.datev_fields import FIELDS, TEXTS, USED

MOST = 99_999
_NOT_IN_DOCUMENTS = r"[^A-Za-z0-9_$&%*+\-/]"
_AMOUNT = r"^[0-9]{1,10},[0-9]{2}$"


def datev(
    ledger: Ledger, settings: Settings, currency: str
) -> Callable[[Registers], Iterator[File]]:
    """What writes the files of a batch; ``currency`` is the company's.

    UsageError where a setting is missing, an account has no number, or an amount no rate.
    """
    _checked(settings)

    def make(wanted: Registers) -> Iterator[File]:
        rows = _rows(ledger, wanted, settings, currency)
        at = ledger.rows(f"SELECT recorded_at FROM register WHERE no = {wanted.through}")[0][0]
        for month in rows.partition_by("month", maintain_order=True):
            for part, piece in enumerate(month.iter_slices(MOST), 1):
                name = _name(piece["month"][0], wanted.number, part, settings)
                head = _header(piece, at, settings, currency)
                lines = [head, ";".join(FIELDS), *piece["line"]]
                data = "".join(f"{line}\r\n" for line in lines).encode("cp1252", "replace")
                yield File(name, piece.height, data)

    return make


def _checked(settings: Settings) -> None:
    wanted = {
        "consultant": (r"[1-9][0-9]{3,6}", "the tax consultant's number from 1001"),
        "client": (r"[1-9][0-9]{0,4}", "the client's number from 1 to 99999"),
        "fiscal_year_start": (r"(0[1-9]|1[0-2])-01", "month and day, such as 01-01"),
        "label": (r"[\w.\-/ ]{0,30}", "up to 30 letters, digits and blanks"),
    }
    for key, (pattern, expected) in wanted.items():
        if not re.fullmatch(pattern, settings.datev[key]):
            raise UsageError(f"[datev] {key}: found {settings.datev[key]!r}, expected {expected}")
    for code, key in settings.datev["tax_keys"].items():
        if not re.fullmatch(r"[0-9]{4}", key):
            raise UsageError(
                f"[datev.tax_keys] {code}: found {key!r}, expected the 4 digits of a tax key, such"
                ' as "0003"'
            )
    if settings.datev["account_length"] not in range(4, 9):
        found = settings.datev["account_length"]
        raise UsageError(f"[datev] account_length: found {found}, expected 4 to 8 digits")


def _name(month: str, number: int, part: int, settings: Settings) -> str:
    more = f"_{part}" if part > 1 else ""
    return f"EXTF_Buchungsstapel_{settings.datev['client']}_{month}_{number:04}{more}.csv"


def _header(rows: pl.DataFrame, recorded_at: str, settings: Settings, currency: str) -> str:
    """The 31 fields of the first row; it says as when made the time of the last register."""
    own = settings.datev
    first, last = (str(day).replace("-", "") for day in
                   (rows["posting_date"].min(), rows["posting_date"].max()))  # fmt: skip
    start = own["fiscal_year_start"].replace("-", "")
    year = int(first[:4]) - (first[4:] < start)
    made = re.sub(r"\D", "", recorded_at)[:17].ljust(17, "0")
    fields = (
        '"EXTF"', "700", "21", '"Buchungsstapel"', "13", made, "", '"LT"', '""', '""',
        own["consultant"], own["client"], f"{year}{start}", str(own["account_length"]), first, last,
        f'"{own["label"]}"', '""', "1", "0", str(int(own["lock"])), f'"{currency}"', "", '""', "",
        "", f'"{own["chart"]}"', "", "", '""', '""',
    )  # fmt: skip
    return ";".join(fields)


def _rows(ledger: Ledger, wanted: Registers, settings: Settings, currency: str) -> pl.DataFrame:
    """``month, posting_date, line``: each pair of accounts as a row, by date and journal entry."""
    pairs = handed_over.worths(ledger, wanted, handed_over.pairs(ledger, wanted), currency)
    pairs = _with_keys(pairs, settings.datev["tax_keys"])
    known = pl.concat([pairs["account"], pairs["contra"]]).unique().sort().to_list()
    numbers = datev_accounts.numbers(ledger, known, settings)
    named = pairs.with_columns(
        pl.col("account").replace_strict(numbers, default="").alias("number"),
        pl.col("contra").replace_strict(numbers, default="").alias("contra_number"),
    ).filter(pl.col("number") != pl.col("contra_number"))
    _has_rates(named, settings, currency)
    named = named.with_columns(
        pl.col("amount", "worth").abs(), (pl.col("amount") > 0).alias("debit"),
        pl.when(pl.col("worth") != 0).then(pl.lit(currency)).otherwise(pl.lit("")).alias("base"),
    )  # fmt: skip
    named = named.with_columns(
        _amount(named, "amount", "currency").alias("size"),
        _amount(named, "worth", "base").fill_null("").alias("base_size"),
    )
    sizes = [pl.col(name).str.contains(_AMOUNT).fill_null(False) for name in ("size", "base_size")]
    wrong = named.filter(~(sizes[0] & (sizes[1] | (pl.col("base") == ""))))
    if wrong.height:
        raise UsageError(
            f"export datev: found {wrong['size'][0]} {wrong['currency'][0]}, expected at most 10"
            " digits before the comma and 2 behind it, which is all that DATEV takes"
        )
    whole = named.join(handed_over.heads(ledger, wanted), on="no", maintain_order="left")
    order = ("place", "seq", "tax_code", "number", "contra_number", "size", "debit", "currency",
             "base_size", "document_no")  # fmt: skip
    whole = whole.sort("posting_date", "no", *order)
    return whole.select(
        pl.col("posting_date").str.slice(0, 7).alias("month"),
        "posting_date",
        _line(settings).alias("line"),
    )


def _amount(rows: pl.DataFrame, name: str, currency: str) -> pl.Expr:
    text = decimals(rows, name, currency).str.replace(".", ",", literal=True)
    return pl.when(text.str.contains(",")).then(text).otherwise(text + ",00")


def _with_keys(pairs: pl.DataFrame, keys: Mapping[str, str]) -> pl.DataFrame:
    """``tax_key`` of each row; a row with one takes its tax in, which DATEV splits off again."""
    by = ["no", "seq", "tax_code"]
    keyed = pairs.with_columns(
        pl.col("tax_code").replace_strict(dict(keys), default="", return_dtype=pl.String)
        .alias("tax_key")
    )  # fmt: skip
    own = (pl.col("place") == 2) & (pl.col("tax_key") != "")
    taxes = (
        keyed.filter(own)
        .group_by(by)
        .agg(pl.col("amount").sum().alias("tax"), pl.col("worth").sum().alias("tax_worth"))
    )
    base = (pl.col("place") == 1) & (pl.int_range(pl.len()).over([*by, "place"]) == 0)
    return (
        keyed.filter(~own)
        .join(taxes, on=by, how="left", maintain_order="left")
        .with_columns(
            pl.when(base).then(pl.col(name) + pl.col(tax).fill_null(0)).otherwise(name).alias(name)
            for name, tax in (("amount", "tax"), ("worth", "tax_worth"))
        )
    )


def _has_rates(pairs: pl.DataFrame, settings: Settings, currency: str) -> None:
    """Foreign amounts without their amount in the company's currency are handed over on demand."""
    foreign = pairs.filter((pl.col("currency") != currency) & (pl.col("worth").fill_null(0) == 0))
    if foreign.is_empty() or settings.datev["without_rate"] == "leave_empty":
        return
    counted = ", ".join(
        f"{n} in {c}" for c, n in foreign["currency"].value_counts().sort("currency").rows()
    )
    raise UsageError(
        f"export datev: found rows without an amount in {currency}: {counted}; expected [datev]"
        ' without_rate = "leave_empty" where DATEV is to take its own rate for them'
    )


def _line(settings: Settings) -> pl.Expr:
    """One row of 125 fields. Both document fields: the document, and statement and line."""
    place = pl.concat_str("statement_no", pl.col("line_no").cast(pl.String), separator="/",
                          ignore_nulls=True)  # fmt: skip
    place = _document(place)
    document = pl.when(pl.col("document_no") != "").then("document_no").otherwise("bank_reference")
    said = pl.concat_str("name", "text", separator=" ").str.replace_all(r"[\x00-\x1f\x7f\s]+", " ")
    said = said.str.strip_chars().str.slice(0, 60)
    said = pl.when(said == "").then("kind").otherwise(said)
    day = pl.col("posting_date")
    fields = {
        0: pl.col("size"),
        1: _text(pl.when(pl.col("debit")).then(pl.lit("S")).otherwise(pl.lit("H"))),
        2: _text(pl.col("currency")),
        4: pl.col("base_size"),
        5: _text(pl.col("base")),
        6: pl.col("number"),
        7: pl.col("contra_number"),
        8: _text(pl.col("tax_key")),
        9: pl.concat_str(day.str.slice(8, 2), day.str.slice(5, 2)),
        10: _text(_document(document).str.slice(0, 36)),
        11: _text(pl.when(place.str.len_chars() > 12).then(place.str.slice(-12)).otherwise(place)),
        13: _text(said),
    }
    empty = ['""' if name in TEXTS else "" for name in FIELDS]
    tail = [str(int(settings.datev["lock"])) if name == "Festschreibung" else empty[place]
            for place, name in enumerate(FIELDS)][USED:]  # fmt: skip
    first = [fields.get(place, pl.lit(empty[place])) for place in range(USED)]
    return pl.concat_str([*first, pl.lit(";".join(tail))], separator=";")


def _document(text: pl.Expr) -> pl.Expr:
    return text.str.replace_all(_NOT_IN_DOCUMENTS, "")


def _text(value: pl.Expr) -> pl.Expr:
    return pl.concat_str(pl.lit('"'), value.str.replace_all('"', '""', literal=True), pl.lit('"'))
