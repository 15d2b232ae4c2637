"""Reading the files that ``load`` takes: every bad row named, nothing taken from a bad file."""

import difflib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
from stdnum import iban

from pipeline.domain.errors import LoadError, Problem, UsageError
from pipeline.domain.money import exponent, minor

_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Kind:
    """What a kind of file may hold: columns by how they are read, and its key."""

    key: tuple[str, ...]
    required: tuple[str, ...]
    optional: tuple[str, ...] = ()
    money: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """All column names."""
        return self.required + self.optional


_PARTY = Kind(
    ("no",),
    ("no", "name"),
    (
        "name_2", "address", "postcode", "city", "country", "language", "currency", "email",
        "ibans", "phone", "customer_type", "payment_terms", "reminder_terms",
        "finance_charge_terms", "statement_method", "statement_style", "project_parent", "blocked",
        "active", "credit_limit", "tax_id", "aliases", "receivables_account", "payables_account",
    ),
)  # fmt: skip
KINDS = {
    "customers": _PARTY,
    "vendors": _PARTY,
    "gl-accounts": Kind(("no",), ("no", "name"), ("kind",)),
    "bank-accounts": Kind(
        ("no",),
        ("no", "name", "currency"),
        (
            "iban", "account_id", "gl_account", "last_statement_no", "last_statement_balance",
            "last_statement_date", "statement_frequency", "statement_numbering", "reconcile",
            "active_from", "closed_on",
        ),
        money=("last_statement_balance",),
        dates=("last_statement_date", "active_from", "closed_on"),
    ),
    "ledger-entries": Kind(
        ("party_type", "party_no", "document_type", "document_no", "instalment"),
        (
            "party_type", "party_no", "document_type", "document_no", "posting_date", "currency",
            "amount",
        ),
        (
            "instalment", "remaining_amount", "due_date", "document_date", "external_document_no",
            "payment_reference", "discount_date", "discount_amount", "discount_tolerance_date",
            "discount_date_2", "discount_amount_2", "description", "project", "on_hold",
            "your_reference", "mandate_id", "amount_company", "remaining_company",
            "control_account",
        ),
        money=("amount", "remaining_amount", "discount_amount", "discount_amount_2"),
        dates=(
            "posting_date", "due_date", "document_date", "discount_date",
            "discount_tolerance_date", "discount_date_2",
        ),
    ),
    "bank-entries": Kind(
        ("bank_account_no", "entry_no"),
        ("bank_account_no", "entry_no", "posting_date", "amount", "entry_type"),
        (
            "document_no", "check_no", "description", "party_type", "party_no", "currency",
            "batch_no", "end_to_end_id", "mandate_id", "applies_to_document_no", "status",
        ),
        money=("amount",),
        dates=("posting_date",),
    ),
}  # fmt: skip


def read_table(path: Path, kind: str, currency: pl.DataFrame | None = None) -> pl.DataFrame:
    """The rows of a file, checked: text never null, money in minor units, dates as ISO text.

    ``currency`` (``bank_account_no, currency``) supplies what bank entries leave out. Raises
    UsageError for what is no readable file, LoadError with every bad row named.
    """
    if kind not in KINDS:
        raise UsageError(f"{path.name}: loading {kind} is not available in this version")
    rules = KINDS[kind]
    frame = _read(path)
    _check_columns(path, frame, rules)
    frame = frame.with_columns(pl.all().cast(pl.String).fill_null("").str.strip_chars())
    frame = frame.with_columns(
        [pl.lit("").alias(name) for name in rules.columns if name not in frame.columns]
    ).with_row_index("row", offset=2)
    problems = _missing(frame, rules) + _dates(frame, rules) + _ibans(frame) + _odd_text(frame)
    if "instalment" in frame.columns:
        problems += _instalments(frame)
        frame = frame.with_columns(pl.col("instalment").replace("", "0"))
    frame = _with_currency(frame, currency)
    frame, wrong = _money(frame, rules)
    problems += wrong + _twice(frame, rules)
    if problems:
        shown = "\n".join(f"{path.name}, {problem}" for problem in problems[:_SHOWN])
        more = f"\n... and {len(problems) - _SHOWN} more" if len(problems) > _SHOWN else ""
        raise LoadError(f"{path.name}: {len(problems)} bad rows, nothing was loaded\n{shown}{more}")
    return frame.unique(subset=list(rules.key), keep="first", maintain_order=True).drop("row")


def _read(path: Path) -> pl.DataFrame:
    try:
        if path.suffix == ".parquet":
            return pl.read_parquet(path)
        return pl.read_csv(path, infer_schema=False, encoding="utf8")
    except (OSError, pl.exceptions.PolarsError) as error:
        first = str(error).splitlines()[0]
        raise UsageError(f"{path.name}: no readable CSV or Parquet: {first}") from None


def _check_columns(path: Path, frame: pl.DataFrame, rules: Kind) -> None:
    for name in frame.columns:
        if name not in rules.columns:
            near = difflib.get_close_matches(name, rules.columns, 1, 0)
            raise LoadError(f"{path.name}: unknown column {name!r}; did you mean {near[0]!r}?")
    for name in rules.required:
        if name not in frame.columns:
            raise LoadError(f"{path.name}: column {name!r} is missing")


def _rows(frame: pl.DataFrame, bad: pl.Expr, name: str, expected: str) -> list[Problem]:
    found = frame.filter(bad).select("row", name).rows()
    return [Problem(f"row {row}", name, str(value)[:40], expected) for row, value in found]


def _missing(frame: pl.DataFrame, rules: Kind) -> list[Problem]:
    return [
        problem
        for name in rules.required
        if not (name == "currency" and "bank_account_no" in rules.key)
        for problem in _rows(frame, pl.col(name) == "", name, "a value")
    ]


def _dates(frame: pl.DataFrame, rules: Kind) -> list[Problem]:
    found = []
    for name in rules.dates:
        text = pl.col(name)
        real = (
            text.str.contains(r"^\d{4}-\d{2}-\d{2}$")
            & text.str.to_date("%Y-%m-%d", strict=False).is_not_null()
        )
        found += _rows(frame, (text != "") & ~real, name, "a date YYYY-MM-DD")
    return found


def _ibans(frame: pl.DataFrame) -> list[Problem]:
    found = []
    for name in ("iban", "ibans"):
        if name in frame.columns:
            for row, value in frame.filter(pl.col(name) != "").select("row", name).rows():
                wrong = [part for part in pieces(value) if not iban.is_valid(part)]
                if wrong:
                    place = f"row {row}"
                    found.append(Problem(place, name, "an account", "right IBAN check digits"))
    return found


def _odd_text(frame: pl.DataFrame) -> list[Problem]:
    found = []
    for name in frame.columns:
        if frame.schema[name] == pl.String:
            control = pl.col(name).str.contains(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
            found += _rows(frame, control, name, "no control characters")
            long = pl.col(name).str.len_chars() > 10_000
            found += _rows(frame, long, name, "at most 10,000 characters")
    return found


def _instalments(frame: pl.DataFrame) -> list[Problem]:
    bad = ~pl.col("instalment").str.contains(r"^\d{0,9}$")
    return _rows(frame, bad, "instalment", "a whole number")


def _with_currency(frame: pl.DataFrame, currency: pl.DataFrame | None) -> pl.DataFrame:
    if currency is None:
        return frame
    known = currency.rename({"currency": "own"})
    joined = frame.join(known, on="bank_account_no", how="left", maintain_order="left")
    filled = pl.when(pl.col("currency") == "").then("own").otherwise("currency")
    return joined.with_columns(filled.fill_null("").alias("currency")).drop("own")


def _money(frame: pl.DataFrame, rules: Kind) -> tuple[pl.DataFrame, list[Problem]]:
    """Decimal text to minor units; plain two-part numbers in bulk, anything odd one by one."""
    problems: list[Problem] = []
    if not rules.money:
        return frame, problems
    places = {}
    for code in frame["currency"].unique().to_list():
        try:
            places[code] = exponent(code)
        except ValueError:
            bad = pl.col("currency") == code
            problems += _rows(frame, bad, "currency", "an ISO 4217 currency")
            places[code] = 2
    digits = pl.col("currency").replace_strict(places, return_dtype=pl.Int64)
    for name in rules.money:
        found, wrong = _amounts(frame.with_columns(digits.alias("places")), name)
        frame = frame.with_columns(found)
        problems += wrong
    return frame, problems


def _amounts(frame: pl.DataFrame, name: str) -> tuple[pl.Series, list[Problem]]:
    text = pl.col(name)
    part = text.str.extract_groups(r"^(-?)(\d{1,15})(?:\.(\d{1,2}))?$")
    plain = (pl.col("places") == 2) & text.str.contains(r"^-?\d{1,15}(\.\d{1,2})?$")
    whole = part.struct[1].cast(pl.Int64) * 100
    cents = part.struct[2].fill_null("0").str.pad_end(2, "0").cast(pl.Int64)
    sign = pl.when(part.struct[0] == "-").then(-1).otherwise(1)
    values = frame.select(
        "row", "currency", text, pl.when(plain).then((whole + cents) * sign).alias("minor")
    )
    odd = values.filter(pl.col("minor").is_null() & (text != ""))
    exact: dict[int, int] = {}
    problems = []
    for row, currency, written, _ in odd.rows():
        try:
            if "," in written:
                raise ValueError("a comma")
            exact[row] = minor(written, currency)
        except ValueError:
            expected = "a decimal with '.' and the currency's digits"
            problems.append(Problem(f"row {row}", name, written[:40], expected))
    minors: list[Any] = values["minor"].to_list()
    if exact:
        minors = [exact.get(row, old) for row, old in zip(values["row"], minors, strict=True)]
    return pl.Series(name, minors, dtype=pl.Int64), problems


def _twice(frame: pl.DataFrame, rules: Kind) -> list[Problem]:
    rows = frame.unique(subset=[n for n in frame.columns if n != "row"], maintain_order=True)
    counts = rows.filter(pl.struct(rules.key).is_duplicated())
    expected = "one row a key, or identical rows"
    return [
        Problem(f"row {row[0]}", " ".join(rules.key), " ".join(map(str, row[1:]))[:60], expected)
        for row in counts.select("row", *rules.key).rows()
    ]


_BLANKS = re.compile(r"\s+")


def pieces(text: str) -> list[str]:
    """The values of a list column (``;``), blanks around them gone, without empty ones."""
    return [part.strip() for part in text.split(";") if part.strip()]


def account(text: str) -> str:
    """An IBAN or account number without blanks, upper case."""
    return _BLANKS.sub("", text).upper()
