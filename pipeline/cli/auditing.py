"""``lettrage export audit``: everything behind one balance, as a folder or a zip."""

import argparse
import zipfile
from collections.abc import Iterator
from pathlib import Path

from pipeline.cli.output import report, writing
from pipeline.cli.parser import Parser, as_known_at
from pipeline.config import Settings
from pipeline.domain.errors import UsageError

_NO_TIME = (1980, 1, 1, 0, 0, 0)
"""The same bytes each time: a zip keeps no time of writing."""


def add_options(export: Parser) -> None:
    """The options of ``export`` that say of what the balance is."""
    export.add_argument("--account", metavar="NO", help="audit: a G/L account")
    as_known_at(export)
    export.add_argument("--party", metavar="TYPE/NO", help="audit: customer/NO or vendor/NO")


def audit(options: argparse.Namespace, settings: Settings) -> int:
    """Write the folder, or the zip where FILE ends with ``.zip``; prints what the balance is."""
    from pipeline import ledger
    from pipeline.ledger.audit import Subject
    from pipeline.ledger.audit import audit as parts

    target = options.output
    if target is None or options.as_of is None or bool(options.account) == bool(options.party):
        raise UsageError(
            "export audit: expected --account NO or --party TYPE/NO, --as-of DATE, and -o FOLDER"
            " or -o FILE.zip"
        )
    kind, _, number = (options.party or "").partition("/")
    if options.party and (kind not in ("customer", "vendor") or not number):
        raise UsageError(f"--party: found {options.party!r}, expected customer/NO or vendor/NO")
    subject = Subject(options.account) if options.account else Subject("", kind, number)
    write = _zipped if target.suffix == ".zip" else _in_folder
    with ledger.open(settings.ledger) as book, writing("--output", target):
        names, told = write(target, parts(book, subject, options.as_of, options.as_known_at))
    balances = [line for line in told.splitlines() if line.startswith("balance ")]
    return report(options, {"written": str(target), "files": len(names), "balances": balances})


def _in_folder(folder: Path, parts: Iterator[tuple[str, bytes]]) -> tuple[list[str], str]:
    names, data = [], b""
    for name, data in parts:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
        names.append(name)
    return names, data.decode()


def _zipped(file: Path, parts: Iterator[tuple[str, bytes]]) -> tuple[list[str], str]:
    names, data = [], b""
    unfinished = file.with_name(f"{file.name}.part")
    with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED) as out:
        for name, data in parts:
            out.writestr(zipfile.ZipInfo(name, _NO_TIME), data, zipfile.ZIP_DEFLATED)
            names.append(name)
    unfinished.replace(file)
    return names, data.decode()
