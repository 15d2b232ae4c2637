"""``lettrage export datev`` and its like: batches of postings for other programs, each once."""

import argparse
import hashlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.cli.output import report, writing
from pipeline.cli.parser import Parser, day, number
from pipeline.config import Settings
from pipeline.domain.errors import UsageError

if TYPE_CHECKING:
    from pipeline.ledger import Ledger
    from pipeline.ledger.export.batches import File, Registers

KINDS = ("datev", "gl", "fec")


def add_options(export: Parser) -> None:
    """The options of ``export`` that make a batch or give one again."""
    export.add_argument("--new", action="store_true",
                        help="datev, gl, fec: what no batch has yet")  # fmt: skip
    export.add_argument("--batch", type=number, metavar="N",
                        help="datev, gl, fec: a batch again, byte for byte")  # fmt: skip
    export.add_argument("--year-end", type=day, metavar="DATE",
                        help="fec: the last day of the fiscal year")  # fmt: skip


def whole_year(options: argparse.Namespace, settings: Settings) -> int:
    """Write the French file of a fiscal year; prints its counts, sums and hash."""
    from pipeline import ledger
    from pipeline.ledger import company, reads
    from pipeline.ledger.export import fec
    from pipeline.ledger.export.fec import postings_before

    folder = options.output
    if folder is None or options.year_end is None:
        raise UsageError("export fec: expected --year-end DATE and -o FOLDER")
    if options.new or options.batch is not None:
        return hand_over(options, settings)
    with ledger.open(settings.ledger) as book, writing("--output", folder):
        file, sums = fec(book, settings, company.currency(book, settings), options.year_end)
        head, before = reads.register_head(book), postings_before(book, options.year_end)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / file.name).write_bytes(file.data)
    return report(options, {
        "file": str(folder / file.name),
        "rows": file.rows,
        **sums,
        "sha256": hashlib.sha256(file.data).hexdigest(),
        "register": f"{head['no']}, hash {head['hash']}",
        **({"postings_of_earlier_years_not_in_it": before} if before else {}),
    })  # fmt: skip


def hand_over(options: argparse.Namespace, settings: Settings) -> int:
    """Make or give again a batch; prints its counts, sums, files and their hashes."""
    from pipeline import ledger
    from pipeline.ledger.export import batches

    kind, folder = options.kind, options.output
    if kind == "fec":
        kind = f"fec {options.year_end}"  # each year has batches of its own
    if folder is None or options.new == (options.batch is not None):
        raise UsageError(f"export {kind}: expected --new or --batch N, and -o FOLDER")
    with ledger.open(settings.ledger) as book, writing("--output", folder):
        wanted = options.batch
        if options.new:
            wanted = batches.new(book, kind, options.user, _files_of(options, book, settings))
        if wanted is None:
            return report(options, {"batch": "nothing new"})
        return report(options, _told(batches.write(book, kind, wanted, Path(folder)), options))


def _files_of(
    options: argparse.Namespace, book: "Ledger", settings: Settings
) -> "Callable[[Registers], Iterator[File]]":
    """What writes the files of the kind that is asked for."""
    from pipeline.ledger import company
    from pipeline.ledger.export import datev, fec_batch, general_ledger

    currency = company.currency(book, settings)
    if options.kind == "datev":
        return datev(book, settings, currency)
    if options.kind == "fec":
        return fec_batch(book, settings, currency, options.year_end)
    return general_ledger(book, options.format or "csv", currency)


def _told(receipt: Mapping[str, Any], options: argparse.Namespace) -> Mapping[str, Any]:
    if options.json:
        return receipt
    files = [f"{f['file']}  {f['rows']} rows  sha256 {f['sha256']}" for f in receipt["files"]]
    return {**receipt, "files": files}
