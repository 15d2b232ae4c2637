"""What the text of a row must be before anything is taken from its file."""

import re
from decimal import Decimal, InvalidOperation

import polars as pl
from stdnum import iban

from pipeline.domain.errors import Problem
from pipeline.ledger.load.kinds import Kind

_LONGEST = 10_000
_CONTROL = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]"
_BLANKS = re.compile(r"\s+")
_DECIMAL = r"^-?\d{1,15}(\.\d{1,12})?$"


def found(rows: pl.DataFrame, name: str, expected: str) -> list[Problem]:
    """A problem for each of ``rows``, with what stands in the column ``name``."""
    return [
        Problem(f"row {row}", name, str(value)[:40], expected)
        for row, value in rows.select("row", name).iter_rows()
    ]


def texts(frame: pl.DataFrame, given: frozenset[str], rules: Kind, date: str) -> list[Problem]:
    """All that is wrong with the text of the columns that the file has.

    ``date`` says what is expected of one.
    """
    problems = _missing(frame, rules)
    for name in (column for column in rules.columns if column in given):
        problems += _odd_text(frame, name)
        text = pl.col(name)
        if name in rules.dates:
            problems += found(frame.filter(_no_date(text)), name, date)
        elif name in rules.decimals:
            wrong = frame.filter((text != "") & ~text.str.contains(_DECIMAL))
            problems += found(wrong, name, "a decimal with '.'")
        elif name in rules.choices:
            allowed = rules.choices[name]
            wrong = frame.filter((text != "") & ~text.is_in(allowed))
            problems += found(wrong, name, f"one of {', '.join(allowed)}")
        elif name in ("iban", "ibans"):
            problems += _ibans(frame, name)
        elif name == "country":
            wrong = frame.filter((text != "") & ~text.str.contains("^[A-Z]{2}$"))
            problems += found(wrong, name, "an ISO 3166-1 alpha-2 country")
        elif name == "language":
            shape = "^[A-Za-z]{2,3}([-][A-Za-z0-9]{2,8})*$"
            wrong = frame.filter((text != "") & ~text.str.contains(shape))
            problems += found(wrong, name, "a BCP 47 language")
        elif name == "instalment":
            wrong = frame.filter(~text.str.contains(r"^\d{0,9}$"))
            problems += found(wrong, name, "a whole number")
    return problems


def _missing(frame: pl.DataFrame, rules: Kind) -> list[Problem]:
    return [
        problem
        for name in rules.required
        for problem in found(frame.filter(pl.col(name) == ""), name, "a value")
    ]


def _no_date(text: pl.Expr) -> pl.Expr:
    shape = text.str.contains(r"^\d{4}-\d{2}-\d{2}$")
    return (text != "") & ~(shape & text.str.to_date("%Y-%m-%d", strict=False).is_not_null())


def _odd_text(frame: pl.DataFrame, name: str) -> list[Problem]:
    """Control characters and very long text, without the text itself: it may be about people."""
    place = pl.col(name).str.extract(f"({_CONTROL})")
    marks = frame.select("row", place.alias("mark")).filter(pl.col("mark").is_not_null())
    problems = [
        Problem(f"row {row}", name, f"U+{ord(mark):04X}", "no control characters")
        for row, mark in marks.iter_rows()
    ]
    length = pl.col(name).str.len_chars()
    longest = frame.select("row", length.alias("length")).filter(pl.col("length") > _LONGEST)
    return problems + [
        Problem(f"row {row}", name, f"{size} characters", f"at most {_LONGEST:,} characters")
        for row, size in longest.iter_rows()
    ]


def _ibans(frame: pl.DataFrame, name: str) -> list[Problem]:
    problems = []
    for row, value in frame.filter(pl.col(name) != "").select("row", name).iter_rows():
        if not all(iban.is_valid(part) for part in pieces(value)):
            text = "an IBAN" if len(pieces(value)) == 1 else "IBANs, not all of them right"
            problems.append(Problem(f"row {row}", name, text, "right IBAN check digits"))
    return problems


def repeated(frame: pl.DataFrame, rules: Kind) -> pl.DataFrame:
    """The rows whose key comes more than once."""
    return frame.filter(frame.select(rules.key).is_duplicated())


def twice(repeated: pl.DataFrame, rules: Kind) -> list[Problem]:
    """Rows of one key that say different things."""
    key = list(rules.key)
    said = repeated.unique(subset=[n for n in repeated.columns if n != "row"], maintain_order=True)
    counts = said.filter(said.select(key).is_duplicated()).select("row", *key)
    expected = "one row a key, or identical rows"
    return [
        Problem(f"row {row[0]}", " ".join(key), " ".join(map(str, row[1:]))[:60], expected)
        for row in counts.iter_rows()
    ]


def odd_orders(frame: pl.DataFrame, given: frozenset[str], rules: Kind) -> list[Problem]:
    """Dates in an order that is possible and unusual: a warning, no refusal."""
    warnings = []
    for first, second in rules.order:
        if first in given and second in given:
            early, late = pl.col(first), pl.col(second)
            rows = frame.filter((early != "") & (late != "") & (early > late))
            for row, a, b in rows.select("row", first, second).iter_rows():
                warnings.append(Problem(f"row {row}", second, b[:10], f"none before {first} {a}"))
    return warnings


def decimal(text: str) -> Decimal:
    """An exact number; 0 where the text is none (the row is named elsewhere)."""
    try:
        return Decimal(text)
    except InvalidOperation:
        return Decimal(0)


def pieces(text: str) -> list[str]:
    """The values of a list column (``;``), blanks around them gone, without empty ones."""
    return [part.strip() for part in text.split(";") if part.strip()]


def account(text: str) -> str:
    """An IBAN or account number without blanks, upper case."""
    return _BLANKS.sub("", text).upper()
