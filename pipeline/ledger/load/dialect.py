"""A file of the books as the program of its owner writes it, in the words of ``load``.

``[load.KIND]`` of the settings says how: nothing is guessed, since 1.190 is a thousand here and one
there.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from pipeline.config import Settings
from pipeline.domain.errors import LoadError, Problem
from pipeline.ledger.load.checks import found
from pipeline.ledger.load.kinds import Kind

_CURRENCY_SIGN = r"^([-(]?)[\p{Sc}\s\u00a0]*"
_TURNED = "amounts turned"
MARKS = ("row", _TURNED)
"""Columns beside those of the file."""
_SIGNED = ("amount", "remaining_amount", "amount_company", "remaining_company", "balance")
"""Numbers that have a sign; a discount is a magnitude."""
_GROUPS = " '\u2019\u00a0\u202f"
"""What groups digits beside point or comma: blanks and apostrophes."""
_FIRST_YEAR = 1900
_TWICE = "_duplicated_0"
"""What polars puts behind the name of a column that has the name of one before it."""
_MINUS_BEHIND = r"^(?:\((.*)\)|(.*\d)\s*-)$"


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one kind of file is written; with no word of it, as ``load`` takes it by itself."""

    kind: str
    separator: str = ""
    """Empty: the one of comma, semicolon, tab and bar that stands most often in the header."""
    encoding: str = ""
    decimal: str = ""
    """``,`` or ``.``; the other one and blanks may group digits. Empty: ``.``, without groups."""
    dates: str = ""
    """As ``strptime`` has it, beside ISO 8601."""
    skip_rows: int = 0
    """Lines before the header."""
    columns: Mapping[str, str] = field(default_factory=dict)
    """Our name of a column -> that of the file; all that nobody names is left out then."""
    constants: Mapping[str, str] = field(default_factory=dict)
    """What holds for every row of the file."""
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Our column -> a value of the file -> ours."""
    negative: Mapping[str, str] = field(default_factory=dict)
    """Column of the file -> what it holds where the amounts of the row have the other sign."""

    @property
    def date(self) -> str:
        """What is expected of a date."""
        return f"a date {self.dates} or YYYY-MM-DD" if self.dates else "a date YYYY-MM-DD"

    def hint(self, problems: list[Problem]) -> str:
        """What may mend dates and numbers that are not written as ``load`` takes them."""
        odd = any(p.expected == self.date or p.expected.startswith("a decimal") for p in problems)
        if not odd or (self.dates and self.decimal):
            return ""
        return (
            f"how a program writes dates and numbers: dates and decimal in [load.{self.kind}]"
            " of the settings, see docs/loading.md"
        )

    def left_out(self, frame: pl.DataFrame, rules: Kind) -> list[str]:
        """Columns of the file that nobody names, where the settings say what its columns are."""
        if not self.columns:
            return []
        used = {*self.columns.values(), *self.negative, "row"}
        return [n for n in frame.columns if n not in used and n not in rules.columns]

    def named(self, frame: pl.DataFrame, rules: Kind, name: str) -> pl.DataFrame:
        """``frame`` with our names, and its signs.

        Raises LoadError where the settings name a column that the file or this kind has not.
        """
        if not (self.columns or self.constants or self.negative):
            return frame
        self._check(frame, rules, name)
        turned = pl.any_horizontal(
            pl.lit(value=False),
            *(pl.col(theirs).str.to_lowercase() == text.lower()
              for theirs, text in self.negative.items()),
        )  # fmt: skip
        frame = frame.with_columns(turned.alias(_TURNED)) if self.negative else frame
        taken = [pl.col(theirs).alias(ours) for ours, theirs in self.columns.items()]
        kept = [n for n in frame.columns if self._keeps(n, rules)]
        marks = [n for n in ("row", _TURNED) if n in frame.columns]
        constants = [pl.lit(text).alias(ours) for ours, text in self.constants.items()]
        return frame.select(*marks, *kept, *taken).with_columns(*constants)

    def _keeps(self, name: str, rules: Kind) -> bool:
        """Whether a column of the file stays under the name that it has."""
        if name in self.columns or name in self.constants or name == "row":
            return False
        used = name in self.columns.values() or name in self.negative
        return name in rules.columns or not (self.columns or used)

    def _check(self, frame: pl.DataFrame, rules: Kind, name: str) -> None:
        place = f"{name}: [load.{self.kind}]"
        known = ", ".join(rules.columns)
        has = ", ".join(n for n in frame.columns if n != "row")
        asked = [("columns", theirs) for theirs in self.columns.values()]
        asked += [("negative", theirs) for theirs in self.negative]
        wrong = [
            f"{place} {key}: the file has no column {theirs!r}; it has {has[:400]}"
            for key, theirs in asked
            if theirs not in frame.columns
        ]
        wrong += [
            f"{place} {key}: the file has two columns {theirs!r}; which one is meant is not told"
            for key, theirs in asked
            if theirs + _TWICE in frame.columns
        ]
        wrong += [
            f"{place} {key}: {ours!r} is no column of {self.kind}; known: {known}"
            for key, table in (("columns", self.columns), ("constants", self.constants),
                               ("values", self.values))
            for ours in table
            if ours not in rules.columns
        ]  # fmt: skip
        if wrong:
            raise LoadError("\n".join(wrong))

    def plain(self, frame: pl.DataFrame, rules: Kind) -> tuple[pl.DataFrame, list[Problem]]:
        """Values, dates and numbers as ``load`` has them, and the numbers that are not so written.

        What is no date of this dialect stays as it is, and is named by who checks dates.
        """
        here = set(frame.columns)
        for ours, table in self.values.items():
            if ours in here:
                frame = frame.with_columns(pl.col(ours).replace(table))
        if self.dates:
            dates = [n for n in rules.dates if n in here]
            frame = frame.with_columns(self._iso(pl.col(n)).alias(n) for n in dates)
        problems: list[Problem] = []
        numbers = [n for n in (*rules.money, *rules.decimals) if n in here]
        for name in numbers if self.decimal else ():
            frame, wrong = self._number(frame, name)
            problems += wrong
        if _TURNED in here:
            turned = [
                pl.when(_TURNED).then(_negated(pl.col(n))).otherwise(pl.col(n)).alias(n)
                for n in numbers
                if n in _SIGNED
            ]
            frame = frame.with_columns(turned).drop(_TURNED)
        return frame, problems

    def _iso(self, text: pl.Expr) -> pl.Expr:
        """A date of an early year stays as it is: ``%Y`` reads 26 as a year too."""
        read = text.str.to_date(self.dates, strict=False)
        return (
            pl.when(read.dt.year() >= _FIRST_YEAR)
            .then(read.dt.strftime("%Y-%m-%d"))
            .otherwise(text)
        )

    def _number(self, frame: pl.DataFrame, name: str) -> tuple[pl.DataFrame, list[Problem]]:
        """A column of numbers with ``.`` and without groups; the file is refused for any other."""
        groups, point = ("." if self.decimal == "," else ",") + _GROUPS, self.decimal
        bare = pl.col(name).str.replace(_CURRENCY_SIGN, "$1").str.replace(r"[\p{Sc}\s]+$", "")
        signed = bare.str.replace(_MINUS_BEHIND, "-$1$2")
        shape = rf"^[-+]?(?:\d+|\d{{1,3}}(?:[{groups}]\d{{3}})+)(?:[{point}]\d+)?$"
        ours = signed.str.replace_all(rf"[{groups}+]", "")
        ours = ours.str.replace(point, ".", literal=True)
        wrong = frame.filter((pl.col(name) != "") & ~signed.str.contains(shape))
        right = (
            pl.when(pl.col(name) == "")
            .then(pl.lit(""))
            .when(signed.str.contains(shape))
            .then(ours)
            .otherwise(pl.lit("0"))  # named, so nothing of the file is taken
        )
        expected = f"a number with {point!r} before its decimals"
        return frame.with_columns(right.alias(name)), found(wrong, name, expected)


def _negated(text: pl.Expr) -> pl.Expr:
    minus = text.str.starts_with("-")
    return (
        pl.when(text == "")
        .then(text)
        .when(minus)
        .then(text.str.strip_prefix("-"))
        .otherwise(pl.lit("-") + text)
    )


def of(settings: Settings, kind: str) -> Dialect:
    """What the settings say of this kind of file; their reader knows no other words."""
    return Dialect(kind, **settings.load[kind])
