"""Reading a file that ``load`` takes: all bad rows named, nothing of a bad file taken."""

import csv
import datetime as dt
import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from pipeline.domain.errors import LoadError, Problem, UsageError
from pipeline.ledger.connection import Ledger
from pipeline.ledger.load import checks
from pipeline.ledger.load.amounts import odd_signs, with_minor_units
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
            raise LoadError("\n".join([head, *self._listed(self.problems)]))
        frame, self.frame = self.frame, self.frame.clear()  # a large file is held once
        if not self.repeats:
            return frame
        return frame.unique(subset=list(self.rules.key), keep="first", maintain_order=True)

    def said(self) -> dict[str, list[str]]:
        """The warnings, for a receipt."""
        return {"warnings": self._listed(self.warnings)} if self.warnings else {}

    def _listed(self, problems: list[Problem]) -> list[str]:
        ordered = sorted(problems, key=lambda p: (int(p.place.split()[-1]), p.field))
        shown = [f"{self.name}, {problem}" for problem in ordered[:_SHOWN]]
        more = len(ordered) - _SHOWN
        return [*shown, f"... and {more} more"] if more > 0 else shown


def read_rows(path: Path, kind: str, currencies: pl.DataFrame | None = None) -> Rows:
    """The rows of a file: text never null, money in minor units, dates as ISO text.

    ``currencies`` supplies the ``currency`` of a row by the columns that it shares with the file.
    Raises UsageError for what is no readable CSV or Parquet; LoadError for columns that this kind
    does not have.
    """
    rules = KINDS[kind]
    frame = _read(path)
    _check_columns(path, frame, rules)
    given = frozenset(frame.columns)
    frame = _texts(path, frame)
    short = [] if path.suffix == ".parquet" else _short_rows(path, len(frame.columns))
    frame = frame.with_row_index("row", offset=2).filter(
        pl.any_horizontal(pl.col(*given) != "")  # a blank line is no row
    )
    frame = frame.with_columns(pl.lit("").alias(n) for n in rules.columns if n not in given)
    rows = Rows(path.name, rules, frame, given)
    rows.problems += short + checks.texts(frame, given, rules)
    if "instalment" in rules.columns:
        rows.frame = rows.frame.with_columns(pl.col("instalment").replace("", "0"))
    rows.frame = _with_currency(rows.frame, currencies)
    rows.frame, wrong = with_minor_units(rows.frame, rules)
    repeated = checks.repeated(rows.frame, rules)
    rows.repeats = repeated.height > 0
    rows.problems += wrong + checks.twice(repeated, rules)
    rows.warnings += checks.odd_orders(rows.frame, given, rules)
    if not rows.problems:  # each amount is one, in a currency that is known
        rows.warnings += odd_signs(rows.frame, rules)
    return rows


def _read(path: Path) -> pl.DataFrame:
    try:
        if path.suffix == ".parquet":
            return pl.read_parquet(path)
        frame = pl.read_csv(path, infer_schema=False, encoding="utf8")
        if any("\x00" in name or "\N{REPLACEMENT CHARACTER}" in name for name in frame.columns):
            raise pl.exceptions.ComputeError("the header is not UTF-8 text")
        return frame
    except (OSError, pl.exceptions.PolarsError) as error:
        first = _not_utf8(path, str(error)) or str(error).splitlines()[0]
        raise UsageError(f"{path.name}: no readable CSV or Parquet: {first}") from None


def _not_utf8(path: Path, said: str) -> str:
    """The first line that is no UTF-8, when that was it."""
    if "utf-8" not in said.lower() or path.suffix == ".parquet":
        return ""
    content = path.read_bytes()
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        return f"line {line}: found byte {content[error.start]:#x}, expected UTF-8 text"
    return ""


def _check_columns(path: Path, frame: pl.DataFrame, rules: Kind) -> None:
    wrong = []
    for name in frame.columns:
        if name not in rules.columns:
            near = difflib.get_close_matches(name, rules.columns, 1, 0)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            wrong.append(f"{path.name}: unknown column {name[:60]!r}{hint}")
    missing = [name for name in rules.required if name not in frame.columns]
    wrong += [f"{path.name}: column {name!r} is missing" for name in missing]
    if wrong:
        raise LoadError("\n".join(wrong))


def _texts(path: Path, frame: pl.DataFrame) -> pl.DataFrame:
    """All columns as text; what Parquet holds as dates, numbers and lists is written out."""
    columns = []
    for name, kind in frame.schema.items():
        column = pl.col(name)
        if isinstance(kind, pl.Datetime) and frame[name].dt.time().eq(dt.time(0)).all():
            column = column.dt.date()
        if isinstance(kind, pl.List):
            column = column.cast(pl.List(pl.String)).list.join(";")
        columns.append(column.cast(pl.String).fill_null("").str.strip_chars())
    try:
        return frame.select(columns)
    except pl.exceptions.PolarsError:
        kinds = ", ".join(f"{name} {kind}" for name, kind in frame.schema.items())
        raise LoadError(f"{path.name}: found columns {kinds}; expected text") from None


def _short_rows(path: Path, width: int) -> list[Problem]:
    """Rows with fewer fields than the header, as where a file is cut; polars would fill them."""
    line = pl.col("line")
    quoted = line.str.contains('"', literal=True)
    bare = pl.when(quoted).then(line.str.replace_all('"[^"]*"', "")).otherwise(line)
    lines = pl.scan_csv(
        path, separator="\x1f", quote_char=None, has_header=False, infer_schema=False,
        schema={"line": pl.String}, row_index_name="row", row_index_offset=1,
    ).select("row", "line", bare.alias("bare"))  # fmt: skip
    fields = pl.col("bare").str.count_matches(",", literal=True) + 1
    goes_on = pl.col("bare").str.contains('"', literal=True)
    few = (fields < width) & (line != "")
    odd = lines.filter(goes_on | few).select("row", fields.alias("fields"), goes_on.alias("on"))
    found = odd.collect(engine="streaming").sort("row")
    short = found.select("row", "fields").rows()
    if found["on"].any():  # a row goes on in the next line
        short = _joined_rows(path, width)
    return [
        Problem(f"row {row}", "fields", str(size), f"{width} fields; the row is cut")
        for row, size in short
    ]


def _joined_rows(path: Path, width: int) -> list[tuple[int, int]]:
    """As ``_short_rows``, for a file with line ends inside quotes."""
    found = []
    with path.open("rb") as lines:
        for row, line in enumerate(_logical(lines), 1):
            text = line.rstrip(b"\r\n").decode("latin-1")
            fields = len(next(csv.reader([text]))) if text else width
            if fields < width:
                found.append((row, fields))
    return found


def _logical(lines: Iterable[bytes]) -> Iterable[bytes]:
    """Lines, those joined that belong to one row since a line end stands inside quotes."""
    begun = b""
    for line in lines:
        if not begun and b'"' not in line:
            yield line
            continue
        begun += line
        if begun.count(b'"') % 2 == 0:
            yield begun.replace(b"\r", b" ").replace(b"\n", b" ")
            begun = b""
    if begun:
        yield begun.replace(b"\n", b" ")


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
