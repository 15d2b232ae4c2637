"""What a command says: results on standard output, messages and progress on standard error."""

import argparse
import contextlib
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pipeline.domain.errors import UsageError
from pipeline.domain.plain import plain

_bars: list[Any] = []


def say(text: str) -> None:
    """A message for people, on standard error."""
    sys.stderr.write(plain(text) + "\n")


def show(text: str) -> None:
    """A result, on standard output."""
    sys.stdout.write(text + "\n")


def report(options: argparse.Namespace, receipt: Mapping[str, Any]) -> int:
    """Print a receipt as text or as one JSON object; 1 when it names a problem."""
    stop()
    if options.json:
        show(json.dumps(receipt, sort_keys=True, default=str))
    else:
        show(plain(_text(receipt)))
    return 1 if problems(receipt) else 0


@contextlib.contextmanager
def writing(option: str, path: Path) -> Iterator[None]:
    """While a file or folder is written that an option names: what fails is said with it."""
    try:
        yield
    except OSError as error:
        text = error.strerror or str(error).splitlines()[0]
        raise UsageError(f"{option} {path}: cannot be written: {text}") from None


def problems(receipt: Mapping[str, Any]) -> list[str]:
    """What the run found: everything listed under ``problems``, at any depth."""
    found = list(receipt.get("problems", []))
    for value in receipt.values():
        if isinstance(value, Mapping):
            found += problems(value)
    return found


def _text(receipt: Mapping[str, Any], indent: str = "") -> str:
    rows = []
    for key, value in receipt.items():
        if key == "problems_by_hash":  # for logs, which name no file
            continue
        name = key.replace("_", " ")
        if isinstance(value, Mapping):
            rows += [f"{indent}{name}:", _text(value, indent + "  ")] if value else []
        elif isinstance(value, list):
            rows += [f"{indent}{name}: {len(value)}", *(f"{indent}  {item}" for item in value)]
        else:
            rows.append(f"{indent}{name}: {value}")
    return "\n".join(row for row in rows if row)


def table(
    columns: Mapping[str, str],
    rows: Iterable[Sequence[object]],
    title: str | None = None,
    page: int | None = None,
) -> None:
    """A table on standard output; ``columns``: heading -> ``left`` or ``right``.

    On a terminal it fits the width; elsewhere no cell is cut, or it fits a ``page`` of so many
    characters, for tables of sentences.
    """
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    whole = page is None and not sys.stdout.isatty()
    grid = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for heading, justify in columns.items():
        side: Any = justify
        grid.add_column(heading, justify=side, overflow="fold", no_wrap=whole)
    for row in rows:
        grid.add_row(*[Text(plain(cell)) for cell in row])
    wide = None if sys.stdout.isatty() else page or 400
    Console(file=sys.stdout, width=wide, highlight=False).print(grid)


def progress(step: str, done: int, total: int) -> None:
    """Progress of a step: a bar on a terminal, one plain line per finished step elsewhere."""
    if not sys.stderr.isatty():
        if done == total:
            say(f"{step}: {done}/{total}")
        return
    if not _bars:
        _bars.append(_start())
    bar, tasks = _bars[0]
    if step not in tasks:
        tasks[step] = bar.add_task(step, total=total)
    bar.update(tasks[step], completed=done)


def _start() -> tuple[Any, dict[str, Any]]:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        SpinnerColumn,
        TextColumn,
        TimeElapsedColumn,
    )

    columns = (
        SpinnerColumn(finished_text=" "),  # moves also while one big file is read
        TextColumn("{task.description:<10}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    bar = Progress(*columns, console=Console(stderr=True))
    bar.start()
    return bar, {}


def stop() -> None:
    """Leave the terminal as it was before the first bar."""
    while _bars:
        _bars.pop()[0].stop()
