"""From files to stored statements: what the step ``ingest`` does with a ledger.

Each file is one transaction; one that is refused stops no other.
"""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from pipeline import feeds, ledger
from pipeline.domain.original import Original
from pipeline.feeds import inbox, pool
from pipeline.ledger import feed_writes, reads

Receipt = dict[str, Any]
Progress = Callable[[str, int, int], None]


def chosen_of(listing: list[Path], chosen: Iterable[Receipt]) -> list[Path]:
    """The files of ``listing`` that ``chosen`` names by place and hash and that are unchanged."""
    kept = [(file["index"], file["sha256"]) for file in chosen if file["index"] < len(listing)]
    return [listing[place] for place, sha256 in kept if inbox.read(listing[place]).sha256 == sha256]


def ingest(
    book: ledger.Ledger,
    listing: list[Path],
    fallback: str,
    actor: str,
    progress: Progress,
    workers: int | None,
) -> Receipt:
    """Read and store the files of ``listing`` that are new; see ``steps.ingest``.

    ``fallback`` is the encoding of text that is no UTF-8.
    """
    total: Receipt = {"files": len(listing), "problems": [], "problems_by_hash": []}
    if taken := feed_writes.resolve_accounts(book):
        total["received_of_held"] = taken
    fresh, size = _fresh(book, listing, total, actor)
    done = len(listing) - len(fresh)
    if fresh:
        progress("ingest", done, len(listing))
    for file, result in pool.parsed(fresh, size, fallback, workers):
        done += 1
        progress("ingest", done, len(listing))
        if result is None:
            _add(total, _unread(file))
            continue
        original = Original(file.sha256, file.name, file.size, file.packed, fallback)
        stored = feed_writes.store_file(book, original, result, actor)
        problems, codes = stored.pop("problems"), stored.pop("codes")
        _add(total, stored)
        _problems(total, file, problems, codes)
    return total


def _fresh(
    book: ledger.Ledger, listing: list[Path], total: Receipt, actor: str
) -> tuple[list[tuple[Path, str]], int]:
    """Files that the ledger does not know, each once, in the order in which they are taken."""
    known = reads.known_files(book)
    found: list[tuple[str, int, Path, str]] = []
    size = 0
    for place, path in enumerate(listing):
        file = inbox.read(path)
        if file.growing:
            _add(total, _unread(file))
        elif file.sha256 in known:
            _add(total, {"duplicate_files": 1})
        elif file.problem:
            _add(total, _unread(file))
            refused = feeds.unread(file.problem)
            feed_writes.store_file(book, Original(file.sha256, file.name, 0), refused, actor)
        else:
            known.add(file.sha256)
            found.append((file.date, place, path, file.sha256))
            size += file.size
        del file  # a big one would stay in memory beside the next
    return [(path, sha256) for _, _, path, sha256 in sorted(found)], size


def _unread(file: inbox.FeedFile) -> Receipt:
    if file.growing:
        return {"growing": 1}
    return {
        "refused": 1,
        "problems": [f"{file.name}: {file.problem}"],
        "problems_by_hash": [f"a file that cannot be read: {file.problem}"],
    }


def _problems(total: Receipt, file: inbox.FeedFile, problems: list[str], codes: list[str]) -> None:
    total["problems"] += [f"{file.name}: {text}" for text in problems]
    total["problems_by_hash"] += [f"{file.sha256[:12]}: {code}" for code in codes]


def _add(total: Receipt, part: Receipt) -> None:
    for key, value in part.items():
        if isinstance(value, bool):
            continue
        if isinstance(value, int):
            total[key] = total.get(key, 0) + value
        elif isinstance(value, list):
            total.setdefault(key, []).extend(value)
