"""Plain text for terminal and file: tables of fixed columns, amounts as people read them."""

import csv
import io
from collections.abc import Collection, Iterable, Mapping, Sequence

from rich.cells import cell_len, set_cell_size

from pipeline.domain import money
from pipeline.domain.plain import plain
from pipeline.domain.spreadsheet import guarded

_TEXT = 40


def amount(value: int, currency: str) -> str:
    """Minor units with thousands apart: ``-1,234.50``."""
    whole, point, cents = money.text(abs(value), currency).partition(".")
    return f"{'-' if value < 0 else ''}{int(whole):,}{point}{cents}"


def short(text: object, width: int = _TEXT) -> str:
    """One line of text, cut to ``width`` cells."""
    line = plain(" ".join(str(text).split()))
    return line if cell_len(line) <= width else set_cell_size(line, width - 1).rstrip() + "…"


def heading(text: str) -> str:
    """A heading, underlined, with a blank line before it."""
    return f"\n{text}\n{'-' * cell_len(text)}"


def table(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Rows under their headings; a heading that begins with ``>`` is set to the right.

    A row of one ``-`` is a rule.
    """
    names = [name.removeprefix(">") for name in columns]
    right = [name.startswith(">") for name in columns]
    texts = [[plain(cell) for cell in row] for row in rows if row != ("-",)]
    widths = [max(map(cell_len, column)) for column in zip(names, *texts, strict=True)]
    rule = "  ".join("-" * width for width in widths)
    body = iter(texts)
    lines = [rule if row == ("-",) else _line(next(body), widths, right) for row in rows]
    return "\n".join([_line(names, widths, right), rule, *lines])


def _line(cells: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> str:
    parts = []
    for cell, width, far in zip(cells, widths, right, strict=True):
        space = " " * (width - cell_len(cell))
        parts.append(space + cell if far else cell + space)
    return "  ".join(parts).rstrip()


def comma_separated(
    columns: Sequence[str], rows: Iterable[Mapping[str, object]], plain_columns: Collection[str]
) -> str:
    """Rows as CSV; text that a spreadsheet would run as a formula gets a leading ``'``.

    ``plain_columns`` (amounts, numbers, dates) are written as they are.
    """
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow(
            row[name] if name in plain_columns or row[name] is None else guarded(str(row[name]))
            for name in columns
        )
    return target.getvalue()
