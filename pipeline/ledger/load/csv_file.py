"""The table of a CSV or Parquet file, and in plain words why there is none."""

import csv
import io
from collections.abc import Iterable, Iterator
from pathlib import Path

import polars as pl

from pipeline.domain.errors import Problem, UsageError
from pipeline.ledger.load.dialect import Dialect

_SEPARATORS = ",;\t|"
_OTHERS = {
    b"PK\x03\x04": "a spreadsheet or a zip archive; expected CSV: save it as CSV UTF-8",
    b"\xd0\xcf\x11\xe0": "a spreadsheet; expected CSV: save it as CSV UTF-8",
    b"%PDF": "a PDF; expected CSV",
    b"\xff\xfe": "UTF-16 text; expected UTF-8: encoding in [load.KIND] of the settings reads it",
    b"\xfe\xff": "UTF-16 text; expected UTF-8: encoding in [load.KIND] of the settings reads it",
}


class Table:
    """The content of one file; ``frame`` has all its columns under their names there."""

    def __init__(self, path: Path, dialect: Dialect) -> None:
        """Read the file; UsageError with line and reason for what is no readable table."""
        self.offset = dialect.skip_rows + 2
        """Number of the first row behind the header."""
        self._kind = dialect.kind
        self._source: Path | bytes = path
        self._separator = dialect.separator or ","
        self.parquet = path.suffix == ".parquet"
        try:
            self.frame = pl.read_parquet(path) if self.parquet else self._csv(path, dialect)
        except (OSError, LookupError, UnicodeError, pl.exceptions.PolarsError) as error:
            why = self._why(path, error, dialect)
            raise UsageError(f"{path.name}: no readable CSV or Parquet: {why}") from None

    def _csv(self, path: Path, dialect: Dialect) -> pl.DataFrame:
        if _other(path, dialect):
            raise pl.exceptions.ComputeError("no text")
        if dialect.encoding or dialect.skip_rows:
            lines = path.read_bytes().decode(dialect.encoding or "utf-8").split("\n")
            self._source = "\n".join(lines[dialect.skip_rows :]).encode()
        if not dialect.separator:
            self._separator = _separator(next(_logical(self._lines()), b""))
        frame = pl.read_csv(
            self._opened(), infer_schema=False, encoding="utf8", separator=self._separator
        )
        if any("\x00" in name or "\N{REPLACEMENT CHARACTER}" in name for name in frame.columns):
            raise pl.exceptions.ComputeError("the header is not UTF-8 text")
        return frame

    def _why(self, path: Path, error: Exception, dialect: Dialect) -> str:
        """What a person can mend, with the line where it stands; else what the reader says."""
        first = str(error).splitlines()[0] if str(error) else type(error).__name__
        if self.parquet or isinstance(error, OSError):
            return first
        if other := _other(path, dialect):
            return other
        if not path.stat().st_size:
            return "the file is empty"
        if wrong := _not_utf8(path) if isinstance(self._source, Path) else "":
            return f'{wrong}; what Windows wrote: [load.{self._kind}] encoding = "windows-1252"'
        if wrong := self._odd_quote():
            return wrong
        for row, size, width in self._other_sizes():
            if size > width:
                return (
                    f"row {row}: found {size} fields, expected {width} as in the header; one that"
                    f" holds {self._separator!r} stands in quotes"
                )
        return first.partition("`")[0].strip()  # it goes on with what the file says of people

    def _odd_quote(self) -> str:
        """The first row whose quotes are not those of a field."""
        for row, line in enumerate(_logical(self._lines()), self.offset - 1):
            try:
                self._fields(line, strict=True)
            except csv.Error:
                return (
                    f"row {row}: a quote does not end where its field ends; one within is doubled"
                )
        return ""

    def short_rows(self) -> list[Problem]:
        """Rows with fewer fields than the header, as in a cut file; polars would fill them."""
        if self.parquet:
            return []
        width, apart = self.frame.width, self._separator
        line = pl.col("line")
        quoted = line.str.contains('"', literal=True)
        bare = pl.when(quoted).then(line.str.replace_all('"[^"]*"', "")).otherwise(line)
        lines = pl.scan_csv(
            self._opened(), separator="\x1f", quote_char=None, has_header=False,
            infer_schema=False, schema={"line": pl.String}, truncate_ragged_lines=True,
            row_index_name="row", row_index_offset=self.offset - 1,
        ).select("row", "line", bare.alias("bare"))  # fmt: skip
        size = pl.col("bare").str.count_matches(apart, literal=True) + 1
        goes_on = pl.col("bare").str.contains('"', literal=True)
        few = (size < width) & (line != "")
        odd = lines.filter(goes_on | few).select("row", size.alias("size"), goes_on.alias("on"))
        found = odd.collect(engine="streaming").sort("row")
        short = found.select("row", "size").rows()
        if found["on"].any():  # a row goes on in the next line
            short = [(row, size) for row, size, full in self._other_sizes() if size < full]
        return [
            Problem(f"row {row}", "fields", str(size), f"{width} fields; the row is cut")
            for row, size in short
        ]

    def _other_sizes(self) -> Iterator[tuple[int, int, int]]:
        """Number, fields and fields of the header, of rows that have not as many as it."""
        width = 0
        for row, line in enumerate(_logical(self._lines()), self.offset - 1):
            try:
                size = len(self._fields(line)) or width
            except csv.Error:  # a text beyond its limit: whoever checks texts names it
                continue
            width = width or size
            if size != width:
                yield row, size, width

    def _fields(self, line: bytes, *, strict: bool = False) -> list[str]:
        text = line.rstrip(b"\r\n").decode("latin-1")
        return next(csv.reader([text], delimiter=self._separator, strict=strict)) if text else []

    def _opened(self) -> Path | io.BytesIO:
        """What is read: the file as it lies there, or its text without what stands before it."""
        return self._source if isinstance(self._source, Path) else io.BytesIO(self._source)

    def _lines(self) -> Iterator[bytes]:
        source = self._opened()
        with source.open("rb") if isinstance(source, Path) else source as lines:
            yield from lines


def _other(path: Path, dialect: Dialect) -> str:
    """What the first bytes tell of a file that is no text, or none that is read unasked."""
    with path.open("rb") as file:
        head = file.read(4)
    said = [other for mark, other in _OTHERS.items() if head.startswith(mark)]
    return f"it is {said[0]}".replace("KIND", dialect.kind) if said and not dialect.encoding else ""


def _separator(header: bytes) -> str:
    """The one that stands most often in the header, outside quotes; the comma where none does."""
    bare = b"".join(header.split(b'"')[::2]).decode("latin-1")
    return max(_SEPARATORS, key=lambda sign: (bare.count(sign), -_SEPARATORS.index(sign)))


def _not_utf8(path: Path) -> str:
    """The first line that is no UTF-8, when there is one."""
    content = path.read_bytes()
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        return f"line {line}: found byte {content[error.start]:#x}, expected UTF-8 text"
    return ""


def _logical(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Lines, those joined that belong to one row since a line end stands inside quotes."""
    begun: list[bytes] = []
    inside = False
    for line in lines:
        if not begun and b'"' not in line:
            yield line
            continue
        begun.append(line)
        inside ^= line.count(b'"') % 2 == 1
        if not inside:
            yield _one_line(begun)
            begun = []
    if begun:
        yield _one_line(begun)


def _one_line(begun: list[bytes]) -> bytes:
    return b"".join(begun).rstrip(b"\r\n").replace(b"\r", b" ").replace(b"\n", b" ")
