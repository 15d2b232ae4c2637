"""Reading a file that ``load`` takes: all bad rows named, nothing of a bad file taken."""

import datetime as dt
import difflib
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from pipeline.domain.errors import LoadError, Problem
from pipeline.ledger.connection import Ledger
from pipeline.ledger.load import checks
from pipeline.ledger.load.amounts import odd_signs, thousands, with_minor_units
from pipeline.ledger.load.csv_file import Table
from pipeline.ledger.load.dialect import MARKS, Dialect
from pipeline.ledger.load.kinds import KINDS, Kind

_SHOWN = 50


@dataclass(slots=True)
class Rows:
    """The rows of a file with their number in ``row``, and what is wrong with them so far."""

    name: str
    rules: Kind
    frame: pl.DataFrame
    given: frozenset[str]
    """Columns that the file has; the others are filled with empty text."""
    repeats: bool = False
    """Whether a key comes more than once."""
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    """Columns of the file that its dialect does not name."""
    hint: str = ""
    """What may mend the problems, when nothing says how dates and numbers are written."""

    def bad(self, rows: pl.DataFrame, name: str, expected: str) -> None:
        """Name every one of ``rows`` (with ``row`` and the column ``name``) as not taken."""
        self.problems += checks.found(rows, name, expected)

    def check_accounts(self, ledger: Ledger, name: str) -> None:
        """Name rows whose G/L account is not in a chart that was loaded."""
        chart = [r[0] for r in ledger.rows("SELECT no FROM gl_account WHERE origin = 'loaded'")]
        text = pl.col(name)
        if chart:
            missing = self.frame.filter((text != "") & ~text.is_in(chart))
            self.bad(missing, name, "an account of the chart; load gl-accounts first")

    def take(self) -> pl.DataFrame:
        """The rows, identical ones once, amounts in minor units; LoadError with each bad one."""
        if self.problems:
            rows = len({problem.place for problem in self.problems})
            head = f"{self.name}: {rows} bad row{'s' * (rows > 1)}, nothing was loaded"
            hint = [self.hint] if self.hint else []
            raise LoadError("\n".join([head, *self._listed(self.problems), *hint]))
        frame, self.frame = self.frame, self.frame.clear()  # a large file is held once
        if not self.repeats:
            return frame
        return frame.unique(subset=list(self.rules.key), keep="first", maintain_order=True)

    def said(self) -> dict[str, list[str]]:
        """The warnings and the columns that were left out, for a receipt."""
        said = {"warnings": self._listed(self.warnings), "columns left out": self.left_out}
        return {name: texts for name, texts in said.items() if texts}

    def _listed(self, problems: list[Problem]) -> list[str]:
        ordered = sorted(problems, key=lambda p: (int(p.place.split()[-1]), p.field))
        shown = [f"{self.name}, {problem}" for problem in ordered[:_SHOWN]]
        more = len(ordered) - _SHOWN
        return [*shown, f"... and {more} more"] if more > 0 else shown


def read_rows(path: Path, dialect: Dialect, currencies: pl.DataFrame | None = None) -> Rows:
    """The rows of a file: text never null, money in minor units, dates as ISO text.

    ``dialect`` is how its owner writes this kind of file. ``currencies`` supplies the ``currency``
    of a row by the columns that it shares with the file.
    Raises UsageError for what is no readable CSV or Parquet; LoadError for columns that this kind
    does not have.
    """
    rules = KINDS[dialect.kind]
    table = Table(path, dialect)
    frame = _texts(path, table.frame)
    frame = frame.with_row_index("row", offset=table.offset).filter(
        pl.any_horizontal(pl.col(*frame.columns) != "")  # a blank line is no row
    )
    left_out = dialect.left_out(frame, rules)
    frame = dialect.named(frame, rules, path.name)
    _check_columns(path, frame, rules, dialect)
    given = frozenset(frame.columns) & frozenset(rules.columns)
    frame, unread = dialect.plain(frame, rules)
    frame = frame.with_columns(pl.lit("").alias(n) for n in rules.columns if n not in given)
    rows = Rows(path.name, rules, frame, given, left_out=left_out)
    rows.problems += table.short_rows() + unread + checks.texts(frame, given, rules, dialect.date)
    if "instalment" in rules.columns:
        rows.frame = rows.frame.with_columns(pl.col("instalment").replace("", "0"))
    rows.frame = _with_currency(rows.frame, currencies)
    if not (dialect.decimal or table.parquet):
        rows.problems += thousands(rows.frame, rules)
    rows.frame, wrong = with_minor_units(rows.frame, rules)
    repeated = checks.repeated(rows.frame, rules)
    rows.repeats = repeated.height > 0
    rows.problems += wrong + checks.twice(repeated, rules)
    rows.warnings += checks.odd_orders(rows.frame, given, rules)
    rows.hint = dialect.hint(rows.problems)
    if not rows.problems:  # each amount is one, in a currency that is known
        rows.warnings += odd_signs(rows.frame, rules)
    return rows


def _check_columns(path: Path, frame: pl.DataFrame, rules: Kind, dialect: Dialect) -> None:
    plain = {_plain(name): name for name in rules.columns}
    wrong = []
    for name in frame.columns:
        if name not in rules.columns and name not in MARKS:
            near = difflib.get_close_matches(_plain(name), plain, 1, 0.6)
            hint = f"; did you mean {plain[near[0]]!r}?" if near else ""
            wrong.append(f"{path.name}: unknown column {name[:60]!r}{hint}")
    missing = [name for name in rules.required if name not in frame.columns]
    wrong += [f"{path.name}: column {name!r} is missing" for name in missing]
    if wrong:
        known = f"known columns of {dialect.kind}: {', '.join(rules.columns)}"
        how = (
            f"other names stand in the settings: [load.{dialect.kind}.columns], see docs/loading.md"
        )
        raise LoadError("\n".join([*wrong, known, how]))


def _plain(name: str) -> str:
    """A name as it is compared: ``Posting Date`` is like ``posting_date``."""
    return "".join(sign for sign in name.casefold() if sign.isalnum())


def _texts(path: Path, frame: pl.DataFrame) -> pl.DataFrame:
    """All columns as text; what Parquet holds as dates, numbers and lists is written out."""
    columns = []
    for name, kind in frame.schema.items():
        column = pl.col(name)
        if isinstance(kind, pl.Datetime) and frame[name].dt.time().eq(dt.time(0)).all():
            column = column.dt.date()
        if isinstance(kind, pl.List):
            column = column.cast(pl.List(pl.String)).list.join(";")
        ours = "row of the file" if name == "row" else name  # ours is the number of the row
        columns.append(column.cast(pl.String).fill_null("").str.strip_chars().alias(ours))
    try:
        return frame.select(columns)
    except pl.exceptions.PolarsError:
        kinds = ", ".join(f"{name} {kind}" for name, kind in frame.schema.items())
        raise LoadError(f"{path.name}: found columns {kinds}; expected text") from None


def _with_currency(frame: pl.DataFrame, currencies: pl.DataFrame | None) -> pl.DataFrame:
    """The currency of what a row names, where the row itself states none."""
    if currencies is None:
        return frame
    known = currencies.rename({"currency": "own"})
    key = [name for name in known.columns if name != "own"]
    joined = frame.join(known, on=key, how="left", maintain_order="left")
    own = pl.col("own").fill_null("")
    if "currency" not in frame.columns:
        return joined.with_columns(own.alias("currency")).drop("own")
    filled = pl.when(pl.col("currency") == "").then(own).otherwise("currency")
    return joined.with_columns(filled.alias("currency"), own.alias("own_currency")).drop("own")
