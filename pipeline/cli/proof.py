"""``lettrage verify``: what was checked, what is broken, and how to compare with what is known."""

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING, Any

from pipeline.cli.output import progress, show, stop, table
from pipeline.cli.parser import Commands
from pipeline.config import Settings
from pipeline.domain.plain import plain

if TYPE_CHECKING:
    from pipeline.ledger.verify import Check

_PAGE = 100
"""Characters of a line: the list is printed, and read by people."""


def register(commands: Commands) -> None:
    """Add verify."""
    verify = commands.add(
        "verify", _verify, "check every invariant of the books", "lettrage verify"
    )
    verify.add_argument("--head", metavar="HASH", default="",
                        help="a register hash kept outside the ledger")  # fmt: skip
    verify.add_argument("--content", metavar="HASH", nargs="?", const="", default=None,
                        help="tell the content hash; HASH is that of another ledger of the same"
                        " facts")  # fmt: skip
    verify.add_argument("--files", action="store_true",
                        help="read every kept file again and compare")  # fmt: skip


def _verify(options: argparse.Namespace, settings: Settings) -> int:
    from pipeline import ledger
    from pipeline.ledger.verify import NOT_CHECKED, compare, verify, verify_with_content

    told = partial(progress, "verify")
    content = None
    with ledger.open(settings.ledger) as book:
        if options.content is None:
            checks = verify(book, told)
        else:
            checks, content = verify_with_content(book, told)
        results = [*checks, *compare(book, content or "", options.head, options.content or "")]
        left = dict(NOT_CHECKED)
        if options.files:
            from pipeline.ledger.reading import snapshot
            from pipeline.rereading import check_files

            with snapshot(book.engine) as books:
                results.append(check_files(books))
            del left["I24"]
    broken = [check.invariant for check in results if check.violations]
    if options.json:
        found: dict[str, Any] = {"invariants": [asdict(check) for check in results]}
        found |= {"broken": broken, "not_checked": left}
        found |= {} if content is None else {"content": content}
        show(json.dumps(found, default=str))
        return 1 if broken else 0
    stop()
    _list(results)
    for invariant, what in left.items():
        show(f"{invariant} not checked: {what}")
    tells = "" if content is None else f"; content {content or 'cannot be read'}"
    show(f"{len(results)} checks, {len(broken)} broken{tells}")
    return 1 if broken else 0


def _list(results: Sequence["Check"]) -> None:
    """What must hold and whether it does, as a table; below it what breaks what does not."""
    columns = {"check": "left", "what must hold": "left", "rows": "right", "result": "left"}
    table(columns, [_row(check) for check in results], page=_PAGE)
    for check in results:
        if check.violations:
            more = check.violations - len(check.ids)
            named = ", ".join(map(str, check.ids)) + (f" and {more:,} more" if more else "")
            show(plain(f"{check.invariant} does not hold: {check.holds}\n  broken by {named}"))


def _row(check: "Check") -> tuple[str, ...]:
    """Those of foreign keys have one number, and the columns behind their sentence."""
    number, _, columns = check.invariant.partition(" ")
    holds = f"{check.holds} ({columns})" if columns else check.holds
    result = f"{check.violations:,} broken" if check.violations else "ok"
    return number, holds, f"{check.checked:,}", result
